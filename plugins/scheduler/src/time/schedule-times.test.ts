import { assert, constant, integer, oneof, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';

import { parseCron } from './cron.js';
import { type FireTimes, fireTimes } from './fire-times.js';
import { parseIntervalMarker } from './interval-marker.js';
import { jitterOf } from './jitter.js';
import { parseInterval, scheduleTimes } from './schedule-times.js';
import { findTimeZone } from './time-zone.js';

const MINUTE_MS = 60_000;

function times(interval: string, timezone = 'UTC'): FireTimes {
  const [parsed, zone] = [parseInterval(interval), findTimeZone(timezone)];
  if (!parsed || !zone) throw new Error(`${interval} in ${timezone} is none`);
  return fireTimes(parsed.pattern, zone);
}

/** The next moments after one, written as UTC. */
function next(interval: string, timezone: string, after: string, count: number): readonly string[] {
  const found: string[] = [];
  for (let at = Date.parse(after); found.length < count; found.push(new Date(at).toISOString())) {
    at = times(interval, timezone).nextAfter(at) ?? NaN;
  }
  return found.map((text) => text.slice(0, 16));
}

const latest = (interval: string, timezone: string, at: string) =>
  new Date(times(interval, timezone).latestAt(Date.parse(at)) ?? NaN).toISOString();

it.each([
  ['*/1s', 1_000],
  [' */5M ', 300_000],
  ['*/02h', 7_200_000],
  ['*/30d', 2_592_000_000],
  ['*/213503982334d', 18446744073657600000],
])('[schedules.marker] reads %j as an interval of %d ms', (text, everyMs) => {
  expect(parseIntervalMarker(text)?.everyMs).toBe(everyMs);
});

it.each(['*/0m', '*/m', '*/5', '*/5w', '*/-1m', '*/1.5m', '/5m', '*/213503982335d', '', '*/ 5m', '*/5mm'])(
  '[schedules.marker] refuses %j',
  (text) => {
    expect(parseInterval(text)).toBeUndefined();
  },
);

it.each([
  '0 9 * *',
  '0 9 * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * 32 * *',
  '* * * 13 *',
  '* * * * 8',
  '* * * * MON',
  '@daily',
  '5-1 * * * *',
  '*/0 * * * *',
  '1,, * * * *',
  '0 0 L * *',
  '0 0 ? * 1',
  '-1 * * * *',
  '0 0 31 2 *',
  '0 0 30 2 *',
  '0 0 31 4,6,9,11 *',
])('[schedules.cron] refuses %j', (text) => {
  expect(parseCron(text)).toBeUndefined();
});

it('[schedules.cron] takes a date that only leap years have, and an impossible one beside a day of the week', () => {
  expect(next('0 0 29 2 *', 'UTC', '2096-02-29T00:00Z', 1)).toEqual(['2104-02-29T00:00']);
  expect(next('0 0 31 2 1', 'UTC', '2024-02-01T00:00Z', 2)).toEqual(['2024-02-05T00:00', '2024-02-12T00:00']);
});

it('[schedules.cron] counts a step on a range from its beginning, and means nothing by one on a single value', () => {
  expect(next('10-30/10 0 1 1 *', 'UTC', '2024-01-01T00:00Z', 3)).toEqual([
    '2024-01-01T00:10',
    '2024-01-01T00:20',
    '2024-01-01T00:30',
  ]);
  expect(next('5/15 0 * * *', 'UTC', '2024-01-01T00:00Z', 2)).toEqual([
    '2024-01-01T00:05',
    '2024-01-02T00:05',
  ]);
});

it('[schedules.cron-days] reads 5-7 as Friday to Sunday', () => {
  expect(next('0 9 * * 5-7', 'UTC', '2024-01-04T10:00Z', 4)).toEqual([
    '2024-01-05T09:00',
    '2024-01-06T09:00',
    '2024-01-07T09:00',
    '2024-01-12T09:00',
  ]);
});

it('[schedules.cron-days] asks a field of days that selects everything for nothing, and takes either of two that select', () => {
  for (const everyDay of ['*', '*/1', '0-6', '1-7', '0-7']) {
    expect(next(`0 9 15 * ${everyDay}`, 'UTC', '2024-01-01T00:00Z', 2)).toEqual([
      '2024-01-15T09:00',
      '2024-02-15T09:00',
    ]);
  }
  expect(next('0 0 1-31 * 1', 'UTC', '2024-01-02T00:00Z', 1)).toEqual(['2024-01-08T00:00']);
  expect(next('0 0 3 * 1', 'UTC', '2024-01-01T12:00Z', 2)).toEqual(['2024-01-03T00:00', '2024-01-08T00:00']);
});

it.each([
  ['utc', 0],
  [' UtC ', 0],
  ['Z', 0],
  ['GMT', 0],
  ['+01:00', 60],
  ['-00:30', -30],
  ['UTC+5:30', 330],
  ['utc-0330', -210],
  ['gmt+1:0', 60],
  ['+23:59', 1439],
])('[schedules.zone] takes %j as %d minutes from UTC', (text, minutes) => {
  expect(findTimeZone(text)?.stretchAt(0)).toMatchObject({ offsetMs: minutes * MINUTE_MS });
});

it.each([
  'Mars/Phobos',
  '',
  ' ',
  '+24:00',
  '+01:60',
  '+0100',
  'z',
  'UTC+1',
  'UTC+é1:00',
  'america/new_york',
  'EUROPE/PARIS',
  'us/pacific',
  '01:00',
])('[schedules.zone] refuses %j', (text) => {
  expect(findTimeZone(text)).toBeUndefined();
});

it('[schedules.zone] knows names of the database and their aliases, and what the clock showed in them', () => {
  const names = ['America/Los_Angeles', 'US/Pacific', 'Asia/Calcutta', 'Etc/GMT-5', 'Africa/Dar_es_Salaam'];
  expect(names.filter((name) => !findTimeZone(name))).toEqual([]);
  expect(latest('0 9 * * *', 'America/Los_Angeles', '2024-01-15T20:00Z')).toBe('2024-01-15T17:00:00.000Z');
  expect(latest('0 9 * * *', 'America/Los_Angeles', '2024-07-15T20:00Z')).toBe('2024-07-15T16:00:00.000Z');
  expect(latest('0 9 * * *', 'UTC-08:00', '2024-07-15T20:00Z')).toBe('2024-07-15T17:00:00.000Z');
});

it('[schedules.marker-zone] keeps to round readings of the clock of its zone', () => {
  const at = new Date(3_600_000).toISOString();
  expect(latest('*/1h', 'UTC', at)).toBe('1970-01-01T01:00:00.000Z');
  expect(latest('*/1h', 'UTC-00:30', at)).toBe('1970-01-01T00:30:00.000Z');
  expect(latest('*/1d', 'America/Los_Angeles', '2024-03-10T12:00Z')).toBe('2024-03-10T08:00:00.000Z');
  expect(next('*/1d', 'America/Los_Angeles', '2024-03-10T12:00Z', 1)).toEqual(['2024-03-11T07:00']);
  // Midnight of January 1st, 1970, was before the beginning.
  expect(times('*/1d', '-01:00').latestAt(1_000)).toBeUndefined();
});

it('[schedules.dst] fires a moment of day once where the clock is set back, and a rhythm in both passes', () => {
  // 02:00 summer time is 01:00 again on November 3rd: at 09:00Z.
  expect(next('30 1 * * *', 'America/Los_Angeles', '2024-11-03T00:00Z', 2)).toEqual([
    '2024-11-03T08:30',
    '2024-11-04T09:30',
  ]);
  expect(latest('30 1 * * *', 'America/Los_Angeles', '2024-11-03T23:00Z')).toBe('2024-11-03T08:30:00.000Z');
  expect(next('30 * * * *', 'America/Los_Angeles', '2024-11-03T08:00Z', 3)).toEqual([
    '2024-11-03T08:30',
    '2024-11-03T09:30',
    '2024-11-03T10:30',
  ]);
  expect(next('*/30m', 'America/Los_Angeles', '2024-11-03T08:30Z', 2)).toEqual([
    '2024-11-03T09:00',
    '2024-11-03T09:30',
  ]);
});

it('[schedules.dst] makes up for moments of day that were left out when the clock was set forward, all at once', () => {
  // 02:00 is 03:00 on March 10th: at 10:00Z.
  expect(next('*/20 2 * * *', 'America/Los_Angeles', '2024-03-10T00:00Z', 2)).toEqual([
    '2024-03-10T10:00',
    '2024-03-11T09:00',
  ]);
  expect(latest('30 2 * * *', 'America/Los_Angeles', '2024-03-10T23:00Z')).toBe('2024-03-10T10:00:00.000Z');
  expect(next('30 * * * *', 'America/Los_Angeles', '2024-03-10T09:00Z', 2)).toEqual([
    '2024-03-10T09:30',
    '2024-03-10T10:30',
  ]);
  // Midnight itself was left out.
  expect(next('*/1d', 'America/Sao_Paulo', '2018-11-03T12:00Z', 2)).toEqual([
    '2018-11-04T03:00',
    '2018-11-05T02:00',
  ]);
});

it.each([
  ['delivery-jitter', 10_000, 60_000, 5_657],
  ['coarse-jitter', 10_000, 60_000, 9_202],
  ['a', 10_000, 60_000, 6_900],
  ['a', 120_000, 60_000, 27_366],
  ['daily', 3_600_000, 60_000, 31_632],
  ['daily', 3_600_000, 86_400_000, 2_438_071],
  ['a', 0, 60_000, 0],
  ['a', 10_000, 1, 0],
])(
  '[schedules.jitter] has %s be late by up to %d of %d ms, always by %d',
  (id, jitterMs, baseMs, offsetMs) => {
    expect(jitterOf(id, jitterMs, baseMs)).toBe(offsetMs);
  },
);

it('[schedules.jitter] moves every occurrence, and leaves nothing due before the first', () => {
  const parsed = parseInterval('*/1m');
  const zone = findTimeZone('UTC');
  if (!parsed || !zone) throw new Error('Both are there');
  const late = scheduleTimes(parsed, zone, { scheduleId: 'a', jitterMs: 10_000 });
  expect([6_899, 6_900, 66_899, 66_900].map((at) => late.latestAt(at))).toEqual([
    undefined,
    6_900,
    6_900,
    66_900,
  ]);
  expect([0, 6_900].map((at) => late.nextAfter(at))).toEqual([6_900, 66_900]);
});

const field = (min: number, max: number) =>
  oneof(
    constant('*'),
    integer({ min, max }).map(String),
    tuple(integer({ min, max }), integer({ min, max })).map(
      ([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}/3`,
    ),
  );
const crons = tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7)).map((fields) =>
  fields.join(' '),
);
const moments = integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) });

/** What a cron expression means, asked of every minute. */
function asked(cron: string): (utcMs: number) => boolean {
  const [minute, hour, date, month, weekday] = cron.split(' ').map((text, at) => {
    const [range = '', step = '1'] = text.split('/');
    const [from = 0, to = from] =
      range === '*' ? [at === 2 || at === 3 ? 1 : 0, 59] : range.split('-').map(Number);
    const selects = (value: number) => value >= from && value <= to && (value - from) % Number(step) === 0;
    return { all: text === '*', selects };
  });
  if (!minute || !hour || !date || !month || !weekday) throw new Error(`${cron} has five fields`);
  return (utcMs) => {
    const day = new Date(utcMs);
    if (!minute.selects(day.getUTCMinutes()) || !hour.selects(day.getUTCHours())) return false;
    if (!month.selects(day.getUTCMonth() + 1)) return false;
    const byDate = date.selects(day.getUTCDate());
    const byWeekday = weekday.selects(day.getUTCDay()) || (day.getUTCDay() === 0 && weekday.selects(7));
    return date.all || weekday.all ? byDate && byWeekday : byDate || byWeekday;
  };
}

it('[schedules.cron-search] finds in UTC what a look at every minute finds', () => {
  assert(
    property(crons, moments, (cron, at) => {
      const means = asked(cron);
      const found = times(cron).nextAfter(at) ?? NaN;
      expect(means(found)).toBe(true);
      const first = Math.floor(at / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
      let missed = 0;
      for (let each = first; each < found && each < first + 40 * 86_400_000; each += MINUTE_MS) {
        if (means(each)) missed += 1;
      }
      expect(missed).toBe(0);
    }),
    { numRuns: 40, seed: 7 },
  );
});

it.each(['America/Los_Angeles', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/Havana', '+05:45'])(
  '[schedules.cron-search] agrees with itself in both directions in %s',
  (timezone) => {
    assert(
      property(crons, moments, (cron, at) => {
        const here = times(cron, timezone);
        const found = here.nextAfter(at) ?? NaN;
        expect(found).toBeGreaterThan(at);
        expect(here.latestAt(found)).toBe(found);
        expect(here.latestAt(found - 1) ?? -1).toBeLessThanOrEqual(at);
      }),
      { numRuns: 60, seed: 11 },
    );
  },
);
