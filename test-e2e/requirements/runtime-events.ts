import type { Requirement } from '../requirement.js';

export const runtimeEventsRequirements: readonly Requirement[] = [
  {
    id: 'runtime.child-streams',
    behaviour:
      'A mob that an agent made has streams and numbers of its own; members of two mobs may have the same name.',
    fault: 'Events of such a mob were numbered as those of the runtime’s.',
  },
  {
    id: 'runtime.child-resume',
    behaviour:
      'The stream of such a mob is followed over a restart, and what it did leaves no gap in the streams of others.',
    fault: 'The last numbers of mobs that agents made were not kept.',
  },
  {
    id: 'runtime.child-ledgers',
    behaviour:
      'Structural events of mobs that agents made are told from their first on, and after a restart from where it ended.',
    fault: 'A new mob was followed from the end of its ledger.',
  },
  {
    id: 'runtime.broadcast-gap',
    behaviour:
      'Where structural events were pruned before they were told, listeners are told a gap, and go on with what is left.',
    fault: 'It went on at the end of the ledger.',
  },
  {
    id: 'runtime.broadcast-beyond',
    behaviour:
      'A kept cursor beyond the ledger is told as a gap and as an error, and the ledger is followed from its end.',
    fault: 'Only a gap of pruned events was told.',
  },
  {
    id: 'runtime.broadcast-resumes',
    behaviour:
      'The listener of the host is told structural events from where the runtime before it ended, at least once.',
    fault: 'The kept cursor was not looked at.',
  },
  {
    id: 'runtime.cursors-batched',
    behaviour: 'How far structural events were told is written once a second, not with every event.',
    fault: 'The cursor was written with every event.',
  },
  {
    id: 'runtime.wires-by-identity',
    behaviour: 'Structural events asked for by a member have its wires, too, at whichever end it is.',
    fault: 'Wires made in a batch were not asked for.',
  },
  {
    id: 'runtime.timeline',
    behaviour:
      'The timeline has what agents, modules and ledgers tell in the order it came, with the time of the source.',
    fault: 'Events of modules were not told.',
  },
  {
    id: 'runtime.timeline-scope',
    behaviour: 'The timeline can be read by source, mob, member and interaction.',
    fault: 'A member was looked for in the field of the ledger alone.',
  },
  {
    id: 'runtime.timeline-gap',
    behaviour: 'The timeline is bounded, and a reader that is behind is told what it missed.',
    fault: 'A cursor was taken to be at hand whenever it was of this epoch.',
  },
  {
    id: 'runtime.timeline-follow',
    behaviour:
      'Each follower of the timeline is given what comes at its own pace, and ends with the runtime.',
    fault: 'Followers were not woken by events of agents.',
  },
  {
    id: 'runtime.sink-apart',
    behaviour: 'An event sink that throws keeps an event from nobody else, and is told and counted.',
    fault: 'The sink was called without a guard.',
  },
  {
    id: 'runtime.drain',
    behaviour:
      '`drain` resolves when what happened before it was told and is in the log, or at its deadline.',
    fault: 'Ledgers were not waited for.',
  },
  {
    id: 'runtime.interactions',
    behaviour:
      'An interaction ends by the id that the turn of its member carries, in whatever order turns end, or by the host.',
    fault: 'The oldest that had not ended was ended.',
  },
  {
    id: 'runtime.interactions-bounded',
    behaviour:
      'Of interactions that have not ended so many are kept for each member; beyond it the oldest of that member fails.',
    fault: 'The oldest of all failed.',
  },
  {
    id: 'runtime.interactions-end',
    behaviour: 'Interactions fail when their member is retired or reset, and when the runtime ends.',
    fault: 'They were left as they were at the end.',
  },
  {
    id: 'runtime.interactions-late',
    behaviour:
      'An interaction that was begun after its member was retired or reset is not failed by it, however late that is heard.',
    fault: 'Every pending one of the member was failed.',
  },
  {
    id: 'runtime.interactions-refused',
    behaviour: 'No interaction begins from the call of shutdown on, and none of a mob that is lost.',
    fault: 'Beginning one did not ask for admission.',
  },
  {
    id: 'runtime.schedule-dispatch',
    behaviour:
      'Messages of schedules that are due are sent in order, what became of each is an event, and one that fails stops none.',
    fault: 'A failure ended the dispatch.',
  },
  {
    id: 'runtime.schedule-refused',
    behaviour: 'Schedules are not dispatched once shutdown began, nor without an evaluator.',
    fault: 'Nobody asked whether the runtime was shutting down.',
  },
  {
    id: 'runtime.module-events',
    behaviour: 'The runtime shows what modules did, from before the first of them started.',
    fault: 'Events of modules were taken by nobody.',
  },
  {
    id: 'runtime.labels-kept',
    behaviour: 'Labels of the mob and of its runs are kept over a restart, and shown with past events.',
    fault: 'The run was left out of the scope.',
  },
  {
    id: 'rpc.labels',
    behaviour: 'The labels of the mob and of a run are set, given and deleted by methods of their own.',
    fault: 'The labels of a run were set on the mob.',
  },
  {
    id: 'ops.event-envelope',
    behaviour:
      'An envelope of an event, or its flat form, is read; what is wrong with one is a typed error that names the field.',
    fault: 'Any known source was taken for the right one.',
  },
];
