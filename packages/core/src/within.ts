import { type Clock, delay } from './clock.js';

/**
 * What a promise resolves with; undefined when it has not settled after `longestMs`, and then whatever becomes of it is
 * nobody's concern, a rejection too. Keeps the process alive while it waits, and leaves no timer.
 *
 * @throws what the promise rejects with in time.
 */
export async function within<T>(
  clock: Clock,
  longestMs: number,
  promise: Promise<T>,
): Promise<T | undefined> {
  const settled = new AbortController();
  try {
    return await Promise.race([promise, delay(clock, longestMs, settled.signal).then(() => undefined)]);
  } finally {
    settled.abort();
  }
}
