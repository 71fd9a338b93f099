import {
  type Clock,
  type DeadLetterStore,
  type ErrorHook,
  type EventLogStore,
  MobError,
  type UnifiedEvent,
} from '@mobkit/core';

import { BUFFER_CAP } from './event-queue.js';
import type { EventSpool } from './spool/event-spool.js';

/** What `createEventIngestion` is given. */
export interface EventIngestionOptions {
  /** Where events go. Stays open when the ingestion is closed: whoever opened it closes it, afterwards. */
  readonly store: EventLogStore;
  /**
   * Says which events to keep. Called in `ingest`, so it must be quick. An event it throws at is kept, since no event
   * should be lost to a broken filter, and counted in `stats().filterFailures`; the first such error is told to
   * `onError`.
   *
   * @defaultValue every event is kept
   */
  readonly filter?: (event: UnifiedEvent) => boolean;
  /** Waiting events that begin a write: 1 to 2048, and 0 means 1. A write may carry more. @defaultValue 64 */
  readonly batchSize?: number;
  /** Longest wait, in milliseconds, before fewer events than `batchSize` are written. @defaultValue 1000 */
  readonly flushIntervalMs?: number;
  /** Takes events while the log fails, or memory fills. Stays open: whoever opened it closes it, after this. */
  readonly spool?: EventSpool;
  /** Keeps the events that are refused for good. Stays open. @defaultValue they are counted, and told to `onError` */
  readonly deadLetters?: DeadLetterStore;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /**
   * Told of changes, never of every attempt, as `event_log_flush_failure`: when appends begin to fail, when events begin
   * to be dropped because too many wait, and of each event the log refuses. When an append works again, as
   * `event_log_flush_recovered`. Called on its own, a moment after; an error it throws is uncaught.
   */
  readonly onError?: ErrorHook;
}

/** Half of what is kept, so that as many find room while a batch is written. */
const LARGEST_BATCH_SIZE = BUFFER_CAP / 2;

/** The longest time a timer of Node can wait; more would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws MobError `MOB_CONFIG_INVALID` naming the field. */
export function checkedSizes({ batchSize = 64, flushIntervalMs = 1000 }: EventIngestionOptions) {
  return {
    batchSize: Math.max(whole('batchSize', batchSize, LARGEST_BATCH_SIZE), 1),
    flushIntervalMs: whole('flushIntervalMs', flushIntervalMs, LONGEST_TIMER_MS),
  };
}

function whole(field: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new MobError(
    'MOB_CONFIG_INVALID',
    `${field} is ${value}: give a whole number from 0 to ${most}, or leave it out`,
    { details: { field, value: String(value) } },
  );
}
