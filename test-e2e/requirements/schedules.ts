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
      'A schedule of the tick call never fires at or before what it fired at, after days and restarts, and at ticks of the past.',
    fault: 'Any occurrence other than the last one was claimed.',
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
];
