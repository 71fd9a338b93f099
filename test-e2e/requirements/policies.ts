import type { Requirement } from '../requirement.js';

/** What is checked before a runtime is built, and how its configuration is found. */
export const policiesRequirements: readonly Requirement[] = [
  {
    id: 'policies.decision-state',
    behaviour: 'What is decided about a runtime comes back checked, with modules and release read.',
    fault: 'A module without a policy was to be started again always.',
  },
  {
    id: 'policies.violations',
    behaviour: 'Every policy that does not hold has a reason of its own.',
    fault: 'A release that is not JSON was told as modules that are not TOML.',
  },
  {
    id: 'policies.order',
    behaviour: 'Of several policies that do not hold, the first in a fixed order is told.',
    fault: 'The release was read before operation was looked at.',
  },
  {
    id: 'policies.replicas',
    behaviour: 'Several replicas are allowed where the storage is for several processes.',
    fault: 'Any count but one was refused.',
  },
  {
    id: 'policies.console-access',
    behaviour: 'Who may use the console is decided by provider and address, whatever the case of that.',
    fault: 'Addresses were compared as they were spelled.',
  },
  {
    id: 'policies.providers',
    behaviour: 'Providers have one name each, and are known by their older ones.',
    fault: 'Only the present names were known.',
  },
];
