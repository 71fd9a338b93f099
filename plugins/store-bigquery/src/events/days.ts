/** A UTC day, counted from 1970-01-01: 0, -1 the day before. */
export type Day = number;

export const DAY_MS = 86_400_000;

export function dayOf(timestampMs: number): Day {
  return Math.floor(timestampMs / DAY_MS);
}

/** As a DATE is written, e.g. `2026-01-31`. */
export function isoDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** What one partition holds: its events follow each other, and no other partition has any of them. */
export interface DayRange {
  readonly day: Day;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The times of its events: not all are of its day. */
  readonly minMs: number;
  readonly maxMs: number;
}

/** The partitions with events that follow all that are there. */
export function withEvents(
  days: readonly DayRange[],
  placed: Iterable<{ readonly day: Day; readonly seq: number; readonly timestampMs: number }>,
): DayRange[] {
  const next: { -readonly [Field in keyof DayRange]: DayRange[Field] }[] = [...days];
  let last = next.at(-1);
  // Not changed in place: it may be of a head that somebody reads.
  if (last) next[next.length - 1] = last = { ...last };
  for (const { day, seq, timestampMs } of placed) {
    if (last?.day !== day) {
      last = { day, firstSeq: seq, lastSeq: seq, minMs: timestampMs, maxMs: timestampMs };
      next.push(last);
    }
    last.lastSeq = seq;
    if (timestampMs < last.minMs) last.minMs = timestampMs;
    if (timestampMs > last.maxMs) last.maxMs = timestampMs;
  }
  return next;
}

export function encodeDays(days: readonly DayRange[]): string {
  return JSON.stringify(
    days.map(({ day, firstSeq, lastSeq, minMs, maxMs }) => [day, firstSeq, lastSeq, minMs, maxMs]),
  );
}

export function decodeDays(text: string): DayRange[] {
  const days = JSON.parse(text) as [number, number, number, number, number][];
  return days.map(([day, firstSeq, lastSeq, minMs, maxMs]) => ({ day, firstSeq, lastSeq, minMs, maxMs }));
}
