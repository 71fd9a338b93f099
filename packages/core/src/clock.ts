/**
 * Tells the time and calls back later. Whatever waits takes one, so that a test can move time instead of sleeping;
 * `ManualClock` in `@mobkit/contract-kit` is the one to move.
 */
export interface Clock {
  /** Unix time in whole milliseconds. May go back when the machine's clock is set. */
  now(): number;
  /**
   * Calls `run` once, `delayMs` from now, and never before this returned. Returns what cancels it; cancelling twice, or
   * after it ran, does nothing. Until then it keeps the process alive, unless it is a `background` one. Any
   * delay may be asked for; `Infinity` never runs. `run` must not throw.
   */
  after(delayMs: number, run: () => void, options?: TimerOptions): () => void;
}

/** How a timer behaves beside its time. */
export interface TimerOptions {
  /**
   * Lets the process end although the timer has not run: for work that nobody awaits, as a keep-alive or a retry under
   * supervision. Whoever awaits something must not rest on such timers alone, else the process ends in the middle of it.
   *
   * @defaultValue false
   */
  readonly background?: boolean;
}

/** A timer asked to wait longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run, { background = false } = {}) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number) => {
      const nextMs = Math.min(leftMs, LONGEST_TIMER_MS);
      timer = setTimeout(nextMs < leftMs ? () => wait(leftMs - nextMs) : run, nextMs);
      if (background) timer.unref();
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Resolves `delayMs` from now, or when `signal` is aborted, whichever comes first; never rejects. Keeps the process alive
 * meanwhile, unless it is a `background` wait.
 */
export function delay(
  clock: Clock,
  delayMs: number,
  signal?: AbortSignal,
  options?: TimerOptions,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done, options);
    signal?.addEventListener('abort', done);
  });
}
