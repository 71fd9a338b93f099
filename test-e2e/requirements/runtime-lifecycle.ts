import type { Requirement } from '../requirement.js';

/** A runtime from its start to its end: as an object and as a process. */
export const runtimeLifecycleRequirements: readonly Requirement[] = [
  {
    id: 'runtime.one-owner',
    behaviour: 'One object starts mob and modules, says that both run, and ends both.',
    fault: 'The modules were not ended.',
  },
  {
    id: 'runtime.stages',
    behaviour:
      'A runtime says which stages it has reached: mob, modules, merged stream, and at its end shutdown requested and complete.',
    fault: 'That the end was asked for was noted when the agents had ended.',
  },
  {
    id: 'runtime.shutdown-empty',
    behaviour: 'The shutdown of a mob without members waits for nothing.',
    fault: 'It waited 50 ms for what might still come.',
  },
  {
    id: 'runtime.reconcile-modules',
    behaviour:
      'Modules that are not loaded can be started later, until the runtime ends; loaded ones and their health can be asked for.',
    fault: 'Modules were started while the runtime ended.',
  },
  {
    id: 'runtime.no-modules',
    behaviour: 'Without a host of modules there are none, and one that is asked for is refused by its name.',
    fault: 'Modules that nobody could start were taken for started.',
  },
  {
    id: 'runtime.query-rare',
    behaviour:
      'Without a cursor the newest matches are found however many others lie between, in ascending order.',
    fault: 'The kinds were not asked of the ledger.',
  },
];
