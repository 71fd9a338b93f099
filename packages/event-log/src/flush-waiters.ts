import type { Clock, FlushOptions, FlushReport } from '@mobkit/core';

interface Waiter {
  /** So many of the oldest events were given before the call and are not settled. */
  left: number;
  readonly done: () => void;
}

/** Callers of `flush`, each waiting for the events that were there when it called. */
export class FlushWaiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /** Waits for the `left` oldest events. */
  add(left: number, { deadlineMs = Infinity, signal }: FlushOptions): Promise<FlushReport> {
    if (left === 0 || signal?.aborted) return Promise.resolve({ unflushed: left });
    return new Promise((resolve) => {
      const waiter: Waiter = {
        left,
        done: () => {
          this.#waiters.delete(waiter);
          cancel();
          signal?.removeEventListener('abort', waiter.done);
          resolve({ unflushed: waiter.left });
        },
      };
      // Also without a deadline: it keeps the process alive, which the timers of the writer do not.
      const cancel = this.#clock.after(deadlineMs, waiter.done);
      signal?.addEventListener('abort', waiter.done);
      this.#waiters.add(waiter);
    });
  }

  /** The `count` oldest events are settled, not counting the `skip` before them. */
  settled(count: number, skip = 0): void {
    for (const waiter of this.#waiters) {
      waiter.left -= Math.min(count, Math.max(waiter.left - skip, 0));
      if (waiter.left === 0) waiter.done();
    }
  }

  /** Nothing more is settled: whoever waits is told what is left. */
  end(): void {
    for (const waiter of this.#waiters) waiter.done();
  }
}
