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
  return new TimedDeadline(clock, timeoutMs, signal);
}

class TimedDeadline implements Deadline {
  readonly timeoutMs: number;
  passed = false;
  readonly #signal = new QuickSignal();
  readonly #cancel: () => void;
  readonly #given: AbortSignal | undefined;
  readonly #giveUp = () => this.#signal.abort(this.#given?.reason);

  constructor(clock: Clock, timeoutMs: number, given: AbortSignal | undefined) {
    this.timeoutMs = timeoutMs;
    this.#given = given;
    this.#cancel = clock.after(timeoutMs, () => {
      this.passed = true;
      this.#signal.abort(new Error(`No answer after ${timeoutMs} ms`));
    });
    if (given?.aborted) this.#giveUp();
    given?.addEventListener('abort', this.#giveUp, { once: true });
  }

  get signal(): AbortSignal {
    return this.#signal as unknown as AbortSignal;
  }

  clear(): void {
    this.#cancel();
    this.#given?.removeEventListener('abort', this.#giveUp);
  }
}

/**
 * As much of an `AbortSignal` as we and the SDK ask of one. One of Node's for each call makes calls slower by a half: they are
 * event targets, and hard to collect.
 */
class QuickSignal {
  aborted = false;
  reason: unknown;
  #listeners: (() => void)[] = [];

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((one) => one !== listener);
  }
}
