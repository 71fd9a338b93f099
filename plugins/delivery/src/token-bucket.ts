import type { Resolution } from '@mobkit/core/ops';

import { recordName } from './record-name.js';

const MINUTE_MS = 60_000;

/** What is left of a limit. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** What is left after one was taken, or how long to wait until there is one. */
export type Taken = { readonly bucket: Bucket; readonly fullAtMs: number } | { readonly waitMs: number };

export function bucketKeyOf({ sink, recipient }: Pick<Resolution, 'sink' | 'recipient'>): string {
  return recordName(sink, recipient);
}

/** Takes one of `perMinute` that come back evenly over a minute; so many may go at once, but not twice in one minute. */
export function take(kept: Bucket | undefined, perMinute: number, nowMs: number): Taken {
  const { tokens, atMs } = kept ?? { tokens: perMinute, atMs: nowMs };
  // A clock that was set back gives nothing and takes nothing. One that is a little behind that of another process must not turn
  // back what both go by, or the time between them would count again at every turn.
  const aheadMs = atMs - nowMs;
  const fromMs = aheadMs > 0 && aheadMs <= MINUTE_MS ? atMs : nowMs;
  const passedMs = Math.max(-aheadMs, 0);
  const now = Math.min(tokens + (passedMs * perMinute) / MINUTE_MS, perMinute);
  if (now < 1) return { waitMs: fromMs - nowMs + Math.ceil(((1 - now) * MINUTE_MS) / perMinute) };
  const left = now - 1;
  return {
    bucket: { tokens: left, atMs: fromMs },
    fullAtMs: fromMs + Math.ceil(((perMinute - left) * MINUTE_MS) / perMinute),
  };
}
