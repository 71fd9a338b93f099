import type { LogBounds } from '@mobkit/core';

import { DAY_MS, type DayRange } from './days.js';

/** What one row says of all events: where they are and who may write. It changes whole, by conditional statements. */
export interface EventHead {
  /** The first event ever kept; 1 when none was. */
  readonly firstSeq: number;
  /** The last event that can be read; every one before it can, too. */
  readonly lastSeq: number;
  /** Ascending, without a hole. */
  readonly days: readonly DayRange[];
  /** Which fence was in force from which event on, ascending. */
  readonly fences: readonly FenceRange[];
  /** Raised whenever somebody begins to write. */
  readonly fence: number;
  /** Who may write, until then; absent when nobody does. */
  readonly owner?: string;
  readonly leaseUntilMs: number;
  /** The server's clock. */
  readonly nowMs: number;
}

/** As it is before the first event. */
export function emptyHead(nowMs: number): EventHead {
  return { firstSeq: 1, lastSeq: 0, days: [], fences: [], fence: 0, leaseUntilMs: 0, nowMs };
}

export interface FenceRange {
  readonly fence: number;
  readonly firstSeq: number;
}

/** What is left once the server has removed the partitions that have expired. */
export function withoutExpired(head: EventHead, nowMs: number, retentionDays: number | undefined): EventHead {
  if (retentionDays === undefined) return head;
  const days = head.days.filter(({ day }) => day * DAY_MS + retentionDays * DAY_MS > nowMs);
  if (days.length === head.days.length) return head;
  const firstSeq = days[0]?.firstSeq ?? head.lastSeq + 1;
  // One may have been in force before the first event that is left, and after.
  const fences = head.fences.filter((_, at) => (head.fences[at + 1]?.firstSeq ?? Infinity) > firstSeq);
  return { ...head, firstSeq, days, fences };
}

export function boundsOf({ firstSeq, lastSeq }: EventHead): LogBounds {
  return { firstSeq, lastSeq };
}
