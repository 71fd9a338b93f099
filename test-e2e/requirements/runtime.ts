import type { Requirement } from '../requirement.js';

export const runtimeRequirements: readonly Requirement[] = [
  {
    id: 'runtime.services',
    behaviour:
      'Delivery, gate and scheduler have started before members work; the scheduler stops before them, the others after.',
    fault: 'The scheduler was started after the mob; it was stopped with the others.',
  },
  {
    id: 'runtime.services-deadline',
    behaviour: 'At a shutdown each service has what those before it have left of the deadline.',
    fault: 'Gate and delivery were each given the whole of it.',
  },
  {
    id: 'runtime.services-host',
    behaviour: 'A service is given the mob and the modules, and what it tells stands in the timeline.',
    fault: 'It was given a `tell` that did nothing.',
  },
  {
    id: 'runtime.services-undone',
    behaviour: 'A start that fails stops every service that was begun, also the one that failed.',
    fault: 'A service was put on the way back after it had started.',
  },
  {
    id: 'runtime.services-stuck',
    behaviour: 'A shutdown goes on without a service that does not stop, and its report says which and why.',
    fault: 'Stopping was awaited without a limit.',
  },
  {
    id: 'runtime.missing-part',
    behaviour: 'A part that is missing is refused by its name before anything is opened.',
    fault: '`metadata` was left out of the list of required parts.',
  },
  {
    id: 'runtime.rollback',
    behaviour:
      'Whatever step of the bootstrap fails, what was begun is undone, the mob is stopped once, no agent has acted, and the error arrives unchanged.',
    fault: 'The mob was not shut down while undoing.',
  },
  {
    id: 'runtime.rollback-errors',
    behaviour: 'When undoing fails as well, the start error comes first and every other one after it.',
    fault: 'Failures while undoing were forgotten.',
  },
  {
    id: 'runtime.epoch',
    behaviour: 'Every start gets a stream epoch of its own, also two at once.',
    fault: 'The record was put without its expected version.',
  },
  {
    id: 'runtime.start-last',
    behaviour: 'Members begin to work when everything stands, and their first event is seen.',
    fault: '`mob.start()` was not called.',
  },
  {
    id: 'runtime.pump',
    behaviour:
      'The event log gets every agent event once and in order, with incarnation, identity, mob, interaction and stream position.',
    fault: 'The agent was given the number of the mob.',
  },
  {
    id: 'runtime.run-failed',
    behaviour:
      'A run that failed is told to the error hook as `host_loop_crash`; one that was cancelled is not.',
    fault: 'Cancelled runs were told as well.',
  },
  {
    id: 'runtime.stream-from-now',
    behaviour: 'A stream without a position begins at the call, not when it is first read.',
    fault: 'A stream without a position began at the start of the epoch.',
  },
  {
    id: 'runtime.stream-shared',
    behaviour: 'All readers get the same event object, and its JSON is made once.',
    fault: 'The text was not kept.',
  },
  {
    id: 'runtime.slow-reader',
    behaviour: 'A reader that fell behind is given everything from the event log, and holds nobody up.',
    fault: 'History was read before buffered events had settled.',
  },
  {
    id: 'runtime.stream-stale',
    behaviour: 'A position that no event has had is refused at the call, with the latest.',
    fault: 'The position was not checked.',
  },
  {
    id: 'runtime.resume-restart',
    behaviour: 'A stream goes on over a restart in order: nothing missing, nothing twice, no gap.',
    fault: 'A position of an earlier epoch counted as the beginning of this one.',
  },
  {
    id: 'runtime.resume-buffered',
    behaviour: 'Resuming waits for events that are still on their way into the log.',
    fault: 'The flush before reading was skipped.',
  },
  {
    id: 'runtime.crash-gap',
    behaviour: 'Where an epoch ended in a crash, a gap says that events may be missing.',
    fault: 'An epoch without a known end counted as complete.',
  },
  {
    id: 'runtime.gap',
    behaviour:
      'Numbers that are missing give a gap exactly where they are missing, in the streams of the mob and of a member.',
    fault: 'What is missing at the end of an epoch was not looked at.',
  },
  {
    id: 'runtime.project-flow',
    behaviour: '`flow_started` is shown with its run, the cursor of the ledger, and the id made of it.',
    fault: 'The id was made of the next cursor.',
  },
  {
    id: 'runtime.project-step',
    behaviour:
      'A step event is shown with its run, its step and the name of its target, not the incarnation.',
    fault: 'Only the run was taken from the kind.',
  },
  {
    id: 'runtime.project-spawn',
    behaviour: '`member_spawned` is shown with the identity of the member.',
    fault: 'The fields of the kind were left out.',
  },
  {
    id: 'runtime.project-batch',
    behaviour: '`members_wired_batch` keeps its edges and names no member.',
    fault: 'Only the type was kept of the kind.',
  },
  {
    id: 'runtime.broadcast',
    behaviour:
      'Listeners are told what is appended from now on, each once; queries and agent events tell them nothing.',
    fault: 'The broadcast began at the start of the ledger.',
  },
  {
    id: 'runtime.labels',
    behaviour:
      'Structural events carry the labels that mob and run have now, each scope asked for once a page.',
    fault: 'Labels were not kept for the page.',
  },
  {
    id: 'runtime.query-newest',
    behaviour: 'Without a cursor a query answers the newest 256, ascending.',
    fault: 'A query without a cursor read from the beginning.',
  },
  {
    id: 'runtime.query-forward',
    behaviour:
      'With a cursor a query answers the oldest after it, nothing at the latest, and a cursor to go on from even without a match.',
    fault: 'The cursor to go on from was that of the last match.',
  },
  {
    id: 'runtime.query-zero',
    behaviour: 'Limit 0 answers nothing, before the cursor is looked at.',
    fault: 'Limit 0 was asked of the ledger.',
  },
  {
    id: 'runtime.query-stale',
    behaviour: 'A cursor beyond the ledger is refused with both numbers, by a query and by a tail.',
    fault: 'The message left out the latest.',
  },
  {
    id: 'runtime.subscribe-url',
    behaviour: 'The subscribe URL names every filter in a fixed order, escaped, without the limit.',
    fault: 'Event types were joined by spaces.',
  },
  {
    id: 'runtime.tail',
    behaviour: 'A tail replays the ledger after a cursor, then follows it, each event once and in order.',
    fault: 'After the replay the ledger was followed from the first cursor again.',
  },
  {
    id: 'runtime.broadcast-recovers',
    behaviour:
      'When the ledger fails, the broadcast says so once, tries again with growing pauses, and goes on where it was.',
    fault: 'The cursor was not moved on.',
  },
  {
    id: 'runtime.spawn-failure',
    behaviour: 'A spawn that fails is told to the error hook and thrown to the caller.',
    fault: 'The hook was not called.',
  },
  {
    id: 'runtime.shutting-down',
    behaviour: 'Once shutdown was called nobody is admitted, and reading still works.',
    fault: '`retireMember` was admitted.',
  },
  {
    id: 'runtime.shutdown-order',
    behaviour: 'Shutdown ends admission, agents, event log and streams in this order, within its deadlines.',
    fault: 'Streams were closed before the agents ended.',
  },
  {
    id: 'runtime.shutdown-reports',
    behaviour: 'Shutdown never rejects: what went wrong is in its report.',
    fault: 'Events that were left were not reported.',
  },
  {
    id: 'runtime.unserialisable',
    behaviour:
      'An event whose payload has no JSON passes with why in its place, is told once, and shifts no number.',
    fault: 'The payload was handed on as it was given.',
  },
  {
    id: 'runtime.shutdown-strangers',
    behaviour: 'Shutdown waits only so long for a part that does not answer, and reports one that fails.',
    fault: 'The flush was awaited as it is; the broadcast was awaited without an end.',
  },
  {
    id: 'runtime.ready',
    behaviour: 'A runtime is ready while its mob runs and its store takes writes, and says why it is not.',
    fault: 'Shutting down was not looked at.',
  },
  {
    id: 'runtime.ready-disk',
    behaviour: 'A store that takes no writes makes the runtime not ready, until it takes them again.',
    fault: 'The probe read instead of writing.',
  },
  {
    id: 'runtime.ready-log',
    behaviour: 'A runtime is not ready while no event reaches the log.',
    fault: 'The state of the event sink was not asked for.',
  },
  {
    id: 'runtime.ready-cheap',
    behaviour: 'However many ask, the store is written to once at a time and once a second.',
    fault: 'The answer was not kept.',
  },
  {
    id: 'runtime.ready-slow',
    behaviour: 'A store that does not answer is waited for two seconds, and given three writes at most.',
    fault: 'Every question wrote again.',
  },
  {
    id: 'runtime.ready-anew',
    behaviour: 'A write of the probe that is not answered in time does not keep the next from being tried.',
    fault: 'The write that was stuck was asked again.',
  },
  {
    id: 'runtime.query-pruned',
    behaviour:
      'A cursor after which events were removed is refused with oldest and latest; 0 means from the oldest kept.',
    fault: 'The page was answered as it is.',
  },
  {
    id: 'runtime.dead-letters',
    behaviour: 'Dead letters are listed in pages.',
    fault: 'The limit was not passed on.',
  },
  {
    id: 'runtime.pre-spawn',
    behaviour:
      'The pre-spawn hook is called once, with mob, labels and whether the mob was resumed, when the mob stands and before anybody works.',
    fault: 'The hook was called after `mob.start()`.',
  },
  {
    id: 'runtime.pre-spawn-fails',
    behaviour:
      'A pre-spawn hook that fails keeps the runtime from starting: a typed error with its words, everything undone.',
    fault: 'The failure was swallowed.',
  },
  {
    id: 'runtime.hook-time-limit',
    behaviour: 'A hook that does not answer in time is given up, and its signal says so.',
    fault: 'The signal of a hook was never aborted.',
  },
  {
    id: 'runtime.start-cancelled',
    behaviour: 'A start that is given up while a hook runs does not wait for it, and leaves nothing.',
    fault: 'Waiting for a hook did not listen to the signal of the start.',
  },
  {
    id: 'runtime.rollback-each',
    behaviour:
      'Whatever step of the bootstrap fails, no process, timer or reader of the ledger is left, and the mob is stopped once.',
    fault: 'Modules were not ended while undoing.',
  },
  {
    id: 'runtime.rollback-spawn',
    behaviour:
      'Members that a spawn of many left behind when it failed as a whole are retired, and nothing listens to the signal of the start any more.',
    fault: 'Only those that it had answered for were retired.',
  },
  {
    id: 'runtime.rollback-cancelled',
    behaviour: 'A start that is given up at whatever step is undone, with a typed error.',
    fault: 'The reason of the signal was thrown as it was.',
  },
  {
    id: 'runtime.modules',
    behaviour: 'Modules start when the mob stands and end after its agents; the report names them.',
    fault: 'Modules were ended before the agents.',
  },
  {
    id: 'runtime.error-events',
    behaviour:
      'Error events reach the hook one after the other and in order, at once when it answers at once, and what the hook itself tells of waits its turn.',
    fault: 'A second delivery began while one was under way.',
  },
  {
    id: 'runtime.error-hook-fails',
    behaviour: 'An error hook that throws, rejects or hangs is counted, and the next event is told.',
    fault: 'A hook that hangs was waited for without a limit.',
  },
  {
    id: 'runtime.error-hook-behind',
    behaviour: 'At most 1024 error events wait for a hook that is behind; the rest is counted.',
    fault: 'The number of waiting events was not bounded at 1024.',
  },
  {
    id: 'runtime.identity',
    behaviour:
      'A runtime hands out the identity context, session bridge, contacts, peer handles and peer keys it was given, and nothing until then.',
    fault: 'What was given was left out.',
  },
  {
    id: 'runtime.idle-delegates',
    behaviour: 'A member that an agent made is retired when it was idle for so long without a break.',
    fault: 'The end of a run did not begin the wait anew.',
  },
  {
    id: 'runtime.idle-working',
    behaviour:
      'A member that works is never retired as idle, also when news of it came after its work had begun.',
    fault: 'Only runs of members that were known already were noticed.',
  },
  {
    id: 'runtime.idle-labels',
    behaviour:
      'A label says how long a member may be idle, or `disabled`; one that cannot be read counts as absent; members of the mob itself are retired only with a label.',
    fault: 'The label `disabled` was taken for one that cannot be read.',
  },
  {
    id: 'runtime.idle-failure',
    behaviour: 'A retirement that fails is told and tried again as long afterwards.',
    fault: 'After a failure the member was not watched any more.',
  },
];
