import { type Clock, delay, type TimerOptions } from '@mobkit/core';

export interface AnswerLimits extends TimerOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a callback of the host answers. One that does not answer in time is left behind: whatever becomes of it then is
 * nobody's concern, a rejection too. The signal it is given is aborted when nobody waits any more.
 *
 * @throws what it throws; Error when the time is over; the reason of `signal`.
 */
export async function answered<T>(
  call: (signal: AbortSignal) => T | Promise<T>,
  { clock, timeoutMs, signal, background = false }: AnswerLimits,
): Promise<T> {
  signal?.throwIfAborted();
  const over = new AbortController();
  const giveUp = () => over.abort();
  signal?.addEventListener('abort', giveUp);
  try {
    const late = delay(clock, timeoutMs, over.signal, { background }).then(() => {
      signal?.throwIfAborted();
      throw new Error(`no answer after ${timeoutMs} ms`);
    });
    // Not called here: what it throws at once is to reach the race, or nobody would hear of `late`.
    const answer = (async () => call(over.signal))();
    return await Promise.race([answer, late]);
  } finally {
    signal?.removeEventListener('abort', giveUp);
    over.abort();
  }
}
