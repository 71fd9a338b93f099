import type { Requirement } from '../requirement.js';

export const packagesRequirements: readonly Requirement[] = [
  {
    id: 'packages.api',
    behaviour:
      'What every door of a published package exports is kept in `etc/api`; a change that is not in the report fails the check, which names its lines.',
    fault: 'what is not exported left out of the reports',
  },
  {
    id: 'packages.documented',
    behaviour: 'An export of a published package that no comment says anything about fails the check.',
    fault: 'indented lines, those of members, looked at in place of exports',
  },
];
