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
  {
    id: 'packages.outside',
    behaviour:
      'Every published package compiles, with its declarations, and runs where it is installed outside of the repository: as `nodenext` and `bundler` find modules, on Node 20 and 24.',
    fault: 'declarations left unchecked by the compiler (`skipLibCheck`)',
  },
  {
    id: 'packages.sizes',
    behaviour:
      '`docs/packages.md` says how much is installed with each package; another count, or a size further off than 15 %, fails the check.',
    fault: 'counts compared within the tolerance of sizes',
  },
  {
    id: 'packages.smallest',
    behaviour:
      'The buffered event log and the Postgres store are less than 40 packages and 20 MB, all that they need included.',
    fault: 'optional peers counted',
  },
];
