import type { PersistedEvent } from '@mobkit/core';

import { type Day, dayOf, type DayRange } from './days.js';

/** Streams are taken for partitions of the last five years or so; what is older is kept in the oldest of them. */
const OLDEST_DAYS = 1_800;

/** An event and the partition it is kept in. */
export interface PlacedEvent {
  readonly event: PersistedEvent;
  readonly day: Day;
}

/**
 * The partition of each event: the day it happened, but never before that of the event before it. So each partition holds
 * events that follow each other, whole partitions go from the beginning of the log when they expire, and a small map says
 * where every event is. A day that has not come yet, or of which the partition has expired, is nobody's.
 *
 * @param last - The newest partition there is.
 */
export function placeEvents(
  events: readonly PersistedEvent[],
  last: DayRange | undefined,
  {
    nowMs,
    retentionDays = OLDEST_DAYS,
  }: { readonly nowMs: number; readonly retentionDays?: number | undefined },
): PlacedEvent[] {
  const today = dayOf(nowMs);
  const oldest = today - Math.min(retentionDays, OLDEST_DAYS) + 1;
  let day = Math.max(last?.day ?? oldest, oldest);
  return events.map((event) => {
    day = Math.max(Math.min(dayOf(event.timestampMs), today), day);
    return { event, day };
  });
}
