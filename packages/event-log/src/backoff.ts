import { backoffMs, type Clock, delay } from '@mobkit/core';

/**
 * Waits between attempts, as `backoffMs`. They do not keep the process alive: whoever waits for what is tried again does
 * that, and when nobody does the process may end.
 */
export class Backoff {
  readonly #clock: Clock;
  #failures = 0;
  #waiting = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async wait(): Promise<void> {
    const waitMs = backoffMs(this.#failures++);
    await delay(this.#clock, waitMs, this.#waiting.signal, { background: true });
  }

  /** Begins with the shortest wait again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Ends the wait under way, and begins with the shortest again. */
  cut(): void {
    this.reset();
    this.#waiting.abort();
    this.#waiting = new AbortController();
  }
}
