import type { Clock } from './clock.js';

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
  // No signal that ends a delay: making and aborting one costs more than most of what is waited for.
  let cancel = () => {};
  const over = new Promise<undefined>(
    (resolve) => (cancel = clock.after(longestMs, () => resolve(undefined))),
  );
  try {
    return await Promise.race([promise, over]);
  } finally {
    cancel();
  }
}
