import { type Clock, delay } from '@mobkit/core';

/** The wait after the first failure; each further one doubles it. */
const FIRST_MS = 50;

/** No wait is longer: a log that is back is noticed after this time. */
const LONGEST_MS = 5_000;

/** The part of a wait that is left to chance, so that many processes do not come back at the same moment. */
const JITTER = 0.5;

/** Waits between attempts: 50 ms, doubled up to 5 s, each shortened by up to a half at random. */
export class Backoff {
  readonly #clock: Clock;
  #nextMs = FIRST_MS;
  #waiting = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async wait(): Promise<void> {
    const waitMs = this.#nextMs * (1 - JITTER * Math.random());
    this.#nextMs = Math.min(this.#nextMs * 2, LONGEST_MS);
    await delay(this.#clock, waitMs, this.#waiting.signal);
  }

  /** Begins with the shortest wait again. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }

  /** Ends the wait under way, and begins with the shortest again. */
  cut(): void {
    this.reset();
    this.#waiting.abort();
    this.#waiting = new AbortController();
  }
}
