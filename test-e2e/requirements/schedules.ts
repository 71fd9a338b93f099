import type { Requirement } from '../requirement.js';

/** What happens when it is due, once. */
export const schedulesRequirements: readonly Requirement[] = [
  {
    id: 'schedules.marker',
    behaviour:
      'An interval marker is a whole number from 1 of seconds, minutes, hours or days, in 64 bits of milliseconds.',
    fault: 'The longest interval was not checked.',
  },
  {
    id: 'schedules.marker-zone',
    behaviour:
      'An interval marker is due at round readings of the clock of its time zone, also across summer time.',
    fault: 'The offset of the zone was left out where the latest due moment is looked for.',
  },
  {
    id: 'schedules.cron',
    behaviour: 'A cron expression is five fields of numbers, and no date that no year has.',
    fault: 'February was taken for a month of 30 days.',
  },
  {
    id: 'schedules.cron-days',
    behaviour:
      'Of the two fields of days one that selects every day is not asked, and where both select either is enough; 7 is Sunday.',
    fault: 'Where both fields of days select, both had to.',
  },
  {
    id: 'schedules.cron-search',
    behaviour: 'The next and the latest due moment are those that a look at every minute would find.',
    fault: 'A day that is meant was left without its times after the present one.',
  },
  {
    id: 'schedules.zone',
    behaviour: 'A time zone is UTC, a fixed offset, or a name of the database in its spelling.',
    fault: 'Names were taken in any case.',
  },
  {
    id: 'schedules.dst',
    behaviour:
      'Where a clock is set back a moment of day is due once and a rhythm in both passes; moments of day left out are made up for at once.',
    fault: 'Nothing was made up for where the clock was set forward.',
  },
  {
    id: 'schedules.jitter',
    behaviour: 'Jitter makes a schedule late by the same every time, by less than its interval.',
    fault: 'The usual basis of the hash was taken.',
  },
  {
    id: 'schedules.evaluate',
    behaviour: 'An evaluation answers what is due at exactly a tick, in order, and remembers nothing.',
    fault: 'What was due before the tick was answered, too.',
  },
  {
    id: 'schedules.checked',
    behaviour: 'A schedule that is none is refused with what is wrong with it, the first one first.',
    fault: 'Ids were compared before they were trimmed.',
  },
  {
    id: 'schedules.tick-once',
    behaviour:
      'Of all processes on a store one claims an occurrence at a tick, under the trimmed id of its schedule.',
    fault: 'A claim was put whatever version was kept.',
  },
  {
    id: 'schedules.tick-never-again',
    behaviour:
      'A schedule of the tick call never fires at or before what it fired at, after days and restarts, and at ticks of the past, for as long as it is known.',
    fault: 'Any occurrence other than the last one was claimed.',
  },
  {
    id: 'schedules.tick-retention',
    behaviour:
      'A schedule that no tick has named for 30 days is forgotten, and none that one has, however seldom it fires and though it is disabled.',
    fault:
      'A tick that found nothing due did not note that it had named the schedule; nor for one that is disabled.',
  },
  {
    id: 'schedules.tick-before',
    behaviour:
      'Of a schedule that an earlier version kept a tick notes that it has named it, so that it can be forgotten.',
    fault: 'What is kept without the time of its last naming was taken for just named.',
  },
  {
    id: 'schedules.tick-baseline',
    behaviour:
      'A schedule that was never seen fires what was due in the last 30 seconds, and what is older counts as had.',
    fault: 'What was due long before was claimed, too.',
  },
  {
    id: 'schedules.tick-late',
    behaviour:
      'When ticks come late the last one due is fired, once and with its exact time; what was claimed is passed over in silence by a schedule that catches up.',
    fault: 'Only what is due at exactly the tick was claimed.',
  },
  {
    id: 'schedules.tick-injection',
    behaviour: 'What a schedule has to tell a member is asked for after the claim, and told with it.',
    fault: 'The message was told before the dispatch it belongs to.',
  },
  {
    id: 'schedules.tick-injection-failed',
    behaviour:
      'Why there is no message is in the report and in an event; the claim stands and the next one is asked for.',
    fault: 'The failure ended the tick.',
  },
  {
    id: 'schedules.tick-restarted',
    behaviour: 'Dispatches say how the module `scheduling` is, and one event a tick that it was restarted.',
    fault: 'The event was told with every dispatch.',
  },
  {
    id: 'schedules.tick-refused',
    behaviour:
      'A tick with one schedule that is none claims nothing, and neither does any tick after the scheduler was stopped.',
    fault: 'Schedules were checked one by one, each before its claim.',
  },
  {
    id: 'schedules.fires',
    behaviour:
      'Each occurrence is begun when it is due, once, and what became of it is kept with its receipts.',
    fault: 'What was kept as begun was begun twice.',
  },
  {
    id: 'schedules.triggers',
    behaviour:
      'A schedule is due once, in an interval that may end, or by the clock of a time zone, and is completed when nothing is due any more.',
    fault: 'The end of an interval was not looked at.',
  },
  {
    id: 'schedules.targets',
    behaviour: 'An occurrence asks a member, under its idempotency key, or a module.',
    fault: 'The message had an interaction id of its own.',
  },
  {
    id: 'schedules.flow',
    behaviour: 'An occurrence that starts a flow is over when its run is, and fails with it.',
    fault: 'It was over when the run had begun.',
  },
  {
    id: 'schedules.missing-target',
    behaviour: 'An occurrence whose target is missing is misfired, or skipped where that is asked for.',
    fault: 'A missing target counted as a failure.',
  },
  {
    id: 'schedules.retry',
    behaviour: 'A failure that may pass is tried again under the same key; no other is.',
    fault: 'Every failure was tried again.',
  },
  {
    id: 'schedules.overlap',
    behaviour: 'An occurrence is skipped while the one before it is not over, unless they may overlap.',
    fault: 'Nobody looked for one that is not over.',
  },
  {
    id: 'schedules.misfire',
    behaviour: 'What nobody was there for happens late, or not at all, as the misfire policy says.',
    fault: 'The grace of 30 seconds was not counted from now.',
  },
  {
    id: 'schedules.made-up-in-turn',
    behaviour:
      'By the misfire policy `all` what nobody was there for happens one after another where occurrences must not overlap, within the window; what is due while another one runs is skipped.',
    fault: 'What found another one running was skipped, however late it was.',
  },
  {
    id: 'schedules.events',
    behaviour: 'What became of every occurrence is told as an event of the module `scheduling`.',
    fault: 'Nothing was told of an occurrence that was not completed.',
  },
  {
    id: 'schedules.kept',
    behaviour: 'The newest 64 occurrences of a schedule are kept.',
    fault: 'No occurrence was removed.',
  },
  {
    id: 'schedules.retention',
    behaviour:
      'A schedule that has been over for longer than the retention is forgotten with its occurrences, unless one of them is not over.',
    fault: 'A schedule was forgotten while what it began was not over.',
  },
  {
    id: 'schedules.retention-floor',
    behaviour: 'A retention is at least a minute, so that no tick fires again what was fired and forgotten.',
    fault: 'Any retention was taken.',
  },
  {
    id: 'schedules.key-anew',
    behaviour:
      'Occurrences of a schedule whose name was that of a forgotten one have other keys, and their events other ids.',
    fault:
      'Keys and ids were of the name and the ordinal alone: whoever knew the old ones took the new ones for done.',
  },
  {
    id: 'schedules.retention-declared',
    behaviour:
      'A schedule that is declared is kept when it is over, deleted or labelled anew, so that it is not taken for one that was missed.',
    fault: 'What is declared was forgotten like any other; the label of declared ones alone was looked at.',
  },
  {
    id: 'schedules.sleeps',
    behaviour: 'Between two occurrences the store is asked once a minute, however many schedules there are.',
    fault: 'The loop asked again every second.',
  },
  {
    id: 'schedules.clock-back',
    behaviour: 'When the clock is set back nothing fires again.',
    fault: 'The next due time was looked for from an hour before.',
  },
  {
    id: 'schedules.crash',
    behaviour:
      'What a process that died had begun is begun again under its key, however late; a run of a flow is waited for instead.',
    fault: 'What is taken up again had to be in time, too.',
  },
  {
    id: 'schedules.crash-often',
    behaviour: 'An occurrence that was begun five times and never ended is given up.',
    fault: 'Attempts of processes that died were not counted.',
  },
  {
    id: 'schedules.alive',
    behaviour: 'What a living process has begun stays its own, however long it takes.',
    fault: 'Leases were not renewed, with two processes on Postgres.',
  },
  {
    id: 'schedules.one-of-two',
    behaviour: 'Of two processes on a store one begins each occurrence.',
    fault: 'Claims had no lease, and schedules were moved on whatever version was kept.',
  },
  {
    id: 'schedules.stop',
    behaviour:
      'A scheduler that stops lets go of what it has begun, for the next to take up at once, and refuses changes.',
    fault: 'What was let go of kept its lease.',
  },
  {
    id: 'schedules.stop-in-time',
    behaviour:
      'A clock that is set back while a scheduler stops does not make it wait longer than its deadline.',
    fault: 'What is left of the deadline was taken from the clock as it was.',
  },
  {
    id: 'schedules.revisions',
    behaviour: 'Every change raises the revision, and may ask for the one it is about.',
    fault: 'The expected revision was not compared.',
  },
  {
    id: 'schedules.pause',
    behaviour: 'Nothing is due while a schedule is paused, and nothing of that time afterwards.',
    fault: 'A schedule that was resumed was due from when it was paused.',
  },
  {
    id: 'schedules.update',
    behaviour:
      'A schedule is due by its new trigger from now on, at once where that is earlier, and never again at what it was due at.',
    fault: 'The scheduler was not woken by a change.',
  },
  {
    id: 'schedules.superseded',
    behaviour: 'An occurrence that waits to be tried again is superseded when its schedule changes.',
    fault: 'The revision of the schedule was not compared.',
  },
  {
    id: 'schedules.delete',
    behaviour: 'A deleted schedule is due for nothing, keeps what it did, and its id may be taken again.',
    fault: 'A schedule that was deleted could be resumed.',
  },
  {
    id: 'schedules.list',
    behaviour: 'Schedules are listed by id and phase, page by page.',
    fault: 'Deleted schedules were listed, too.',
  },
  {
    id: 'schedules.invalid',
    behaviour: 'What is no schedule is refused with the field that is wrong, and nothing is kept.',
    fault: 'A schedule that is never due was taken.',
  },
  {
    id: 'schedules.declared',
    behaviour:
      'Declared schedules are made what they are declared to be at the start, and those that no longer are declared are deleted; others stay.',
    fault: 'A schedule that somebody created was deleted as well.',
  },
  {
    id: 'schedules.declared-together',
    behaviour: 'Two processes that start at the same moment may declare the same schedules.',
    fault: 'What another process had created meanwhile failed the start.',
  },
  {
    id: 'schedules.declared-exactly',
    behaviour: 'A declared schedule has no name, description and labels but those of its declaration.',
    fault: 'What a declaration left out stayed.',
  },
  {
    id: 'schedules.most-made-up',
    behaviour: 'Of a window of missed occurrences the latest 256 happen, in order.',
    fault: 'Every occurrence of the window happened.',
  },
  {
    id: 'schedules.last-date',
    behaviour: 'No schedule is due at a time that no date has.',
    fault: 'The end of dates was not looked at.',
  },
  {
    id: 'schedules.config',
    behaviour: 'A schedule of the config that has a setting which would be read over is refused.',
    fault: 'A grace without a misfire policy was left out.',
  },
  {
    id: 'schedules.next-refused',
    behaviour:
      'What `mobkit schedules next` cannot take is refused by what is wrong with it, and no schedule is named.',
    fault: 'The expression stood for the id of a schedule.',
  },
  {
    id: 'schedules.arguments',
    behaviour: 'An option of a schedule to add that its target would read over is refused.',
    fault: 'A message for a flow was read over.',
  },
  {
    id: 'schedules.broken',
    behaviour: 'One schedule or occurrence that cannot be read keeps no other, and is told of.',
    fault: 'The failure of one record ended the batch.',
  },
  {
    id: 'schedules.scope',
    behaviour: 'Of those who share a storage each fires the schedules of its own scope alone.',
    fault: 'The scope was left out of the names of the records.',
  },
  {
    id: 'schedules.wire',
    behaviour: 'Ticks are read and answered in the spelling of the wire, with null where nothing is.',
    fault: 'What is absent was left out of a dispatch.',
  },
  {
    id: 'schedules.wire-refused',
    behaviour:
      'What is wrong with a tick is refused with the texts of the wire, the first that is wrong first; a runtime without a scheduler says so.',
    fault: 'A number that the parser had rounded was taken.',
  },
  {
    id: 'schedules.wire-methods',
    behaviour: 'Schedules are created, changed, listed and shown over RPC.',
    fault: 'The expected revision was not handed on.',
  },
  {
    id: 'schedules.app',
    behaviour:
      'The app has the schedules of its config, takes others over RPC and from the command line, and deletes those that the config no longer has.',
    fault: 'The schedules of the config were not declared.',
  },
  {
    id: 'schedules.app-refused',
    behaviour:
      'Schedules of a config and times of the command line that are none are refused, with what is wrong.',
    fault: 'Schedules of the config were not checked before the start.',
  },
  {
    id: 'schedules.kill',
    behaviour:
      'What SIGKILL cut short between the claim and the end is begun again under its key, at once when the only process of a store is back.',
    fault: 'What an earlier process held was left to its leases.',
  },
];
