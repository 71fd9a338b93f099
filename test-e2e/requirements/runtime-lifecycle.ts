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
  {
    id: 'app.no-members',
    behaviour: 'The app runs a mob without members, says so, and ends it with nothing drained or left.',
    fault: 'A shutdown that interrupted nobody counted as timed out.',
  },
  {
    id: 'app.drain',
    behaviour:
      'At SIGTERM a member that works ends its turn; what it said is drained and kept, and the port is free.',
    fault: 'Turns were interrupted at once.',
  },
  {
    id: 'app.hook-fails',
    behaviour:
      'A pre-spawn hook of the config that throws keeps the app from starting: its words in one line, exit code 1, nobody has worked.',
    fault: 'The time limit of a hook that throws at once was left behind, and ended the process.',
  },
  {
    id: 'app.stop-phases',
    behaviour:
      'A SIGTERM in any phase of the start gives it up in order: exit code 0, what was opened is closed, and the next start is as if nothing had been.',
    fault: 'The signal was not looked at between the steps.',
  },
  {
    id: 'app.discovery',
    behaviour:
      'Members and wires of a file that the config names are there before the app says where it listens; a restart spawns only who is new.',
    fault: 'The runtime was not given what the config names.',
  },
  {
    id: 'app.post-spawn',
    behaviour: 'The post-spawn hook of the config is told of members that are spawned over RPC.',
    fault: 'A member that was spawned alone was not told of.',
  },
  {
    id: 'app.discovery-fails',
    behaviour:
      'A source that is away, or that names what cannot be, keeps the app from starting, in one line that says why; exit code 1.',
    fault: 'Whatever a source threw counted as nobody desired.',
  },
];
