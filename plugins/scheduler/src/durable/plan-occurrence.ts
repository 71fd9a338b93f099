import type { MisfirePolicy } from '@mobkit/core/ops';

import type { FireTimes } from '../time/fire-times.js';

const SKIP_GRACE_MS = 30_000;

/** So many of the latest happen of a window that has more. */
const MOST_MADE_UP = 256;

/** What becomes of an occurrence that is due, and when its schedule is due after it. */
export type OccurrencePlan = {
  /** Absent when it is not going to be. */
  readonly nextDueAtMs?: number;
} & (
  | { readonly happens: true }
  /** It stands for all that are overdue up to a moment. */
  | { readonly happens: false; readonly missedUntilMs: number }
);

/** Whether nobody was there for it when it was due. */
export function comesLate(dueAtMs: number, nowMs: number): boolean {
  return nowMs - dueAtMs > SKIP_GRACE_MS;
}

/** Decides about the occurrence that has been due since `dueAtMs`. Those after it that are overdue, too, have their own turn. */
export function planOccurrence(
  policy: MisfirePolicy,
  times: FireTimes,
  dueAtMs: number,
  nowMs: number,
): OccurrencePlan {
  if (policy.type === 'one') {
    const latestMs = times.latestAt(nowMs) ?? dueAtMs;
    if (latestMs > dueAtMs) return { happens: false, missedUntilMs: latestMs - 1, nextDueAtMs: latestMs };
  } else {
    const windowMs = policy.type === 'all' ? policy.windowMs : (policy.graceMs ?? SKIP_GRACE_MS);
    const overdueMs = nowMs - windowMs - 1;
    const missedUntilMs =
      policy.type === 'all' ? Math.max(overdueMs, firstMadeUp(times, dueAtMs, nowMs) - 1) : overdueMs;
    if (dueAtMs <= missedUntilMs) {
      return { happens: false, missedUntilMs, ...nextOf(times.nextAfter(missedUntilMs)) };
    }
  }
  return { happens: true, ...nextOf(times.nextAfter(dueAtMs)) };
}

/** The oldest of the latest that may happen, or one that is not after `dueAtMs`. */
function firstMadeUp(times: FireTimes, dueAtMs: number, nowMs: number): number {
  let firstMs = times.latestAt(nowMs) ?? dueAtMs;
  for (let count = 1; count < MOST_MADE_UP && firstMs > dueAtMs; count += 1) {
    firstMs = times.latestAt(firstMs - 1) ?? dueAtMs;
  }
  return firstMs;
}

function nextOf(nextDueAtMs: number | undefined): { readonly nextDueAtMs?: number } {
  return nextDueAtMs === undefined ? {} : { nextDueAtMs };
}
