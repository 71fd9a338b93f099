import type { Requirement } from '../requirement.js';

export const lifecycleRequirements: readonly Requirement[] = [
  {
    id: 'lifecycle.table',
    behaviour:
      'Every command is taken in the states the table names and refused in all others before any other check, unknown names included.',
    fault: 'A command looked its member up before it looked at the state.',
  },
  {
    id: 'lifecycle.reads',
    behaviour: 'Roster, ledger, state and listeners can be read in every state, Destroyed included.',
    fault: 'Reading the ledger from 0 failed once the ledger was pruned.',
  },
  {
    id: 'lifecycle.ledger-effect',
    behaviour:
      'Stopping and resuming append nothing; completing and resetting append what the table says, members first, the end last.',
    fault: 'Completing said mob_completed before it retired its members.',
  },
];
