import { type CronField, type CronRange, parseCronField } from './cron-field.js';
import type { LocalPattern } from './local-pattern.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const RANGES: readonly CronRange[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12 },
  { min: 0, max: 6, alsoZero: 7 },
];

/** February may have 29. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The rarest day is February 29th: eight years apart around a century without one. */
const SEARCH_MONTHS = 8 * 12 + 1;

/**
 * Reads a cron expression: five fields of numbers, for minute, hour, day of month, month and day of week (0 and 7 are
 * Sunday). A day is meant when it is selected by both fields of days, of which one that selects everything is not asked; when
 * both select, either is enough. Undefined for anything else, names and macros too, and for a date that no year has.
 */
export function parseCron(text: string): LocalPattern | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== RANGES.length) return undefined;
  const parsed = fields.map((field, at) => parseCronField(field, RANGES[at] as CronRange));
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parsed;
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek) return undefined;
  const [firstDay = 1] = dayOfMonth.values;
  const possible = month.values.some((each) => (LONGEST_MONTHS[each - 1] ?? 0) >= firstDay);
  if (dayOfWeek.any && !possible) return undefined;
  return cronPattern(
    hour.values.flatMap((each) => minute.values.map((within) => (each * 60 + within) * MINUTE_MS)),
    { dayOfMonth, month, dayOfWeek },
    !hour.any,
  );
}

interface CronDays {
  readonly dayOfMonth: CronField;
  readonly month: CronField;
  readonly dayOfWeek: CronField;
}

/** @param timesMs - Since midnight, ascending; at least one. */
function cronPattern(timesMs: readonly number[], days: CronDays, momentsOfDay: boolean): LocalPattern {
  const isMeant = dayMatcher(days);
  const [earliestMs = 0] = timesMs;
  const latestMs = timesMs.at(-1) ?? 0;
  return {
    momentsOfDay,
    atOrAfter(localMs) {
      const today = Math.floor(localMs / DAY_MS);
      const timeMs = timesMs[firstAtLeast(timesMs, localMs - today * DAY_MS)];
      if (timeMs !== undefined && isMeant(today)) return today * DAY_MS + timeMs;
      const day = nextDay(today + 1, days, isMeant);
      return day === undefined ? undefined : day * DAY_MS + earliestMs;
    },
    atOrBefore(localMs) {
      const today = Math.floor(localMs / DAY_MS);
      const timeMs = timesMs[firstAtLeast(timesMs, localMs - today * DAY_MS + 1) - 1];
      if (timeMs !== undefined && isMeant(today)) return today * DAY_MS + timeMs;
      const day = previousDay(today - 1, days, isMeant);
      return day === undefined ? undefined : day * DAY_MS + latestMs;
    },
  };
}

type DayMatcher = (day: number) => boolean;

function dayMatcher({ dayOfMonth, month, dayOfWeek }: CronDays): DayMatcher {
  const [dates, months, weekdays] = [dayOfMonth, month, dayOfWeek].map(({ values }) => new Set(values));
  return (day) => {
    const date = new Date(day * DAY_MS);
    if (!months?.has(date.getUTCMonth() + 1)) return false;
    const byDate = dates?.has(date.getUTCDate()) ?? false;
    const byWeekday = weekdays?.has(date.getUTCDay()) ?? false;
    if (dayOfMonth.any) return byWeekday;
    return dayOfWeek.any ? byDate : byDate || byWeekday;
  };
}

/** Months that are not meant are passed over whole. */
function nextDay(from: number, { month }: CronDays, isMeant: DayMatcher): number | undefined {
  let day = from;
  for (let months = 0; months <= SEARCH_MONTHS; months += 1) {
    const date = new Date(day * DAY_MS);
    const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / DAY_MS;
    if (Number.isNaN(end)) return undefined;
    if (month.values.includes(date.getUTCMonth() + 1)) {
      for (; day < end; day += 1) if (isMeant(day)) return day;
    }
    day = end;
  }
  return undefined;
}

function previousDay(from: number, { month }: CronDays, isMeant: DayMatcher): number | undefined {
  let day = from;
  for (let months = 0; months <= SEARCH_MONTHS; months += 1) {
    const date = new Date(day * DAY_MS);
    const begin = Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) / DAY_MS;
    if (Number.isNaN(begin)) return undefined;
    if (month.values.includes(date.getUTCMonth() + 1)) {
      for (; day >= begin; day -= 1) if (isMeant(day)) return day;
    }
    day = begin - 1;
  }
  return undefined;
}

/** The index of the first that is not below `value`; the length when there is none. */
function firstAtLeast(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
