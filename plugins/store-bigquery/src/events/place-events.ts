import type { PersistedEvent } from '@mobkit/core';

import { type Day, dayOf, type DayRange } from './days.js';

/** Streams are taken for partitions of the last five years or so; what is older is kept in the oldest of them. */
const OLDEST_DAYS = 1_800;

/** An event and the partition it is kept in. */
export interface PlacedEvent extends PersistedEvent {
  readonly day: Day;
}

/** Every field there is: all that is copied into it has one shape to the engine. */
const NO_EVENT = {
  seq: 0,
  id: '',
  timestampMs: 0,
  memberId: undefined,
  identity: undefined,
  mobId: undefined,
  runId: undefined,
  stepId: undefined,
  interactionId: undefined,
  stream: undefined,
  event: undefined,
  day: 0,
} satisfies Record<keyof PlacedEvent, unknown> as { day: Day };

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
    // Copied at once: events are copies of copies, often each of a shape of its own to the engine, and then each field that is
    // asked for costs as much as all of them together.
    const placed = Object.assign({ ...NO_EVENT }, event);
    day = Math.max(Math.min(dayOf(placed.timestampMs), today), day);
    placed.day = day;
    return placed;
  });
}
