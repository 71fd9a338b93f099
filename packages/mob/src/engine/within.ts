import { type Clock, delay } from '@mobkit/core';

/** Whether a promise has settled after so long. Does not fail when it does. */
export async function within(clock: Clock, longestMs: number, promise: Promise<unknown>): Promise<boolean> {
  const settled = new AbortController();
  const done = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, delay(clock, longestMs, settled.signal).then(() => false)]);
  } finally {
    settled.abort();
  }
}
