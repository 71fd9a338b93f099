import type { Pool, PoolClient } from 'pg';

/**
 * A connection of a pool, unless the signal is aborted first: then one that comes late goes back.
 *
 * @throws what the pool throws; the reason of `signal`.
 */
export async function takeClient(pool: Pool, signal: AbortSignal): Promise<PoolClient> {
  signal.throwIfAborted();
  const connecting = pool.connect();
  try {
    return await unlessAborted(connecting, signal);
  } catch (error) {
    void connecting.then(
      (late) => late.release(),
      () => {},
    );
    throw error;
  }
}

/** What a promise comes to, unless the signal is aborted first; what becomes of it then is nobody's concern. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    promise.catch(() => {});
  }
}
