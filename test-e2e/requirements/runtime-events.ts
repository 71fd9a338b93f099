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
];
