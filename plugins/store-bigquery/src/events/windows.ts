import { type DayRange, isoDay } from './days.js';
import type { EventHead, FenceRange } from './event-head.js';
import { date, int64, type QueryParameters } from '../client/parameters.js';

/** Events that one statement looks at. Both bounds inclusive. */
export interface Window {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** The partitions they are in, all of them. */
  readonly days: readonly DayRange[];
  /** The fences in force, at least one. */
  readonly fences: readonly FenceRange[];
}

/** Fences one statement names at most. */
const MAX_FENCES = 16;

export interface Range {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Inclusive. */
  readonly sinceMs?: number | undefined;
  /** Exclusive. */
  readonly untilMs?: number | undefined;
}

/**
 * The next part of a range to look at, from its beginning or its end: of as many partitions as are named, so that a page that
 * is full early has not read the rest. Undefined when there is nothing in it.
 */
export function nextWindow(
  head: EventHead,
  range: Range,
  { partitions, newest }: { readonly partitions: number; readonly newest: boolean },
): Window | undefined {
  const { fromSeq, toSeq, sinceMs = -Infinity, untilMs = Infinity } = range;
  const all = head.days.filter(
    ({ firstSeq, lastSeq, minMs, maxMs }) =>
      lastSeq >= fromSeq && firstSeq <= toSeq && maxMs >= sinceMs && minMs < untilMs,
  );
  const days = newest ? all.slice(-partitions) : all.slice(0, partitions);
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return undefined;
  const from = Math.max(fromSeq, first.firstSeq);
  const to = Math.min(toSeq, last.lastSeq);
  const fences = fencesBetween(head.fences, from, to);
  const named = newest ? fences.slice(-MAX_FENCES) : fences.slice(0, MAX_FENCES);
  const cut = fences[named.length];
  return {
    fromSeq: newest ? Math.max(from, named[0]?.firstSeq ?? from) : from,
    toSeq: newest || !cut ? to : cut.firstSeq - 1,
    days,
    fences: named,
  };
}

/** Those in force for any event of a range; before the first there was none, which is 0. */
function fencesBetween(fences: readonly FenceRange[], fromSeq: number, toSeq: number): FenceRange[] {
  const all = [{ fence: 0, firstSeq: 1 }, ...fences];
  return all.filter(
    ({ firstSeq }, at) =>
      firstSeq <= toSeq && (all[at + 1]?.firstSeq ?? Infinity) > Math.max(fromSeq, firstSeq),
  );
}

/** A condition for the rows of a window that count, and its parameters. Names the partitions, so that no other is read. */
export function conditionOf({ fromSeq, toSeq, days, fences }: Window): {
  readonly sql: string;
  readonly parameters: QueryParameters;
} {
  const { sql, parameters } = daysCondition(days);
  const named: Record<string, ReturnType<typeof int64>> = { from_seq: int64(fromSeq), to_seq: int64(toSeq) };
  const counting = fences.map(({ fence, firstSeq }, at) => {
    named[`fence_${at}`] = int64(fence);
    const next = fences[at + 1];
    if (!next && at === 0) return `fence = @fence_${at}`;
    named[`fence_${at}_from`] = int64(firstSeq);
    named[`fence_${at}_to`] = int64(next ? next.firstSeq - 1 : toSeq);
    return `(fence = @fence_${at} AND seq BETWEEN @fence_${at}_from AND @fence_${at}_to)`;
  });
  return {
    sql: `${sql} AND seq BETWEEN @from_seq AND @to_seq AND (${counting.join(' OR ')})`,
    parameters: { ...parameters, ...named },
  };
}

/** A condition for partitions: those next to each other are named together. */
export function daysCondition(days: readonly Pick<DayRange, 'day'>[]): {
  readonly sql: string;
  readonly parameters: QueryParameters;
} {
  const runs: { from: number; to: number }[] = [];
  for (const { day } of days) {
    const last = runs.at(-1);
    if (last && day <= last.to + 1) last.to = day;
    else runs.push({ from: day, to: day });
  }
  const parameters = Object.fromEntries(
    runs.flatMap(({ from, to }, at) => [
      [`day_${at}_from`, date(isoDay(from))],
      [`day_${at}_to`, date(isoDay(to))],
    ]),
  );
  const named = runs.map((_, at) => `event_day BETWEEN @day_${at}_from AND @day_${at}_to`);
  return { sql: `(${named.join(' OR ')})`, parameters };
}
