import type { Clock } from '@mobkit/core';

/** A point in time by which something has to be done, and what tells it to give up. */
export interface Deadline {
  /** Aborted when the time is up, or by whoever asked. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly passed: boolean;
  /** Leaves no timer behind. */
  clear(): void;
}

/** A deadline `timeoutMs` from now, that `signal` brings forward. */
export function deadlineIn(clock: Clock, timeoutMs: number, signal?: AbortSignal): Deadline {
  const abort = new AbortController();
  let passed = false;
  const cancel = clock.after(timeoutMs, () => {
    passed = true;
    abort.abort(new Error(`No answer after ${timeoutMs} ms`));
  });
  const giveUp = () => abort.abort(signal?.reason);
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp, { once: true });
  return {
    signal: abort.signal,
    timeoutMs,
    get passed() {
      return passed;
    },
    clear() {
      cancel();
      signal?.removeEventListener('abort', giveUp);
    },
  };
}
