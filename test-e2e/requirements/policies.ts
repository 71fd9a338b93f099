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
  {
    id: 'policies.config-files',
    behaviour: 'The files beside a config are found by their fixed names, schedules in their order.',
    fault: 'A directory of such a name was taken for the file.',
  },
  {
    id: 'policies.given-files',
    behaviour: 'A place that is given for a file wins over the one that is found.',
    fault: 'What was found won.',
  },
  {
    id: 'policies.workspace-file',
    behaviour:
      'The file of a workspace is read only when it was asked for, and counts where nobody else says it.',
    fault: 'The file of the workspace was always looked for.',
  },
  {
    id: 'policies.joined-files',
    behaviour: 'What stands in the files beside a config is as if it stood in it, and the config wins.',
    fault: 'Entries of files came after those of the config and won.',
  },
  {
    id: 'policies.found-mob',
    behaviour: 'A mob file in `config` is found, and a file that nothing takes is told by `check`.',
    fault: '`check` told of no file that is not read.',
  },
];
