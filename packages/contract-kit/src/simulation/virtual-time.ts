import { setImmediate as turn } from 'node:timers/promises';

import type { Clock, TimerOptions } from '@mobkit/core';

import { ManualClock } from '../manual-clock.js';
import type { SeededRandom } from './seeded-random.js';

const MICRO = 1_000;

/**
 * Time that passes only when nothing else can happen. What waits for the same moment goes on in an order that the seed
 * decides; everything else is as on a real clock.
 */
export class VirtualTime implements Clock {
  /** Counts microseconds, so that timers of one millisecond can be told apart. */
  readonly #micros: ManualClock;
  readonly #random: SeededRandom;

  constructor(random: SeededRandom, nowMs: number) {
    this.#random = random;
    this.#micros = new ManualClock(nowMs * MICRO);
  }

  now(): number {
    return Math.floor(this.#micros.now() / MICRO);
  }

  after(delayMs: number, run: () => void, options?: TimerOptions): () => void {
    return this.#micros.after(delayMs * MICRO + this.#random.whole(0, MICRO - 1), run, options);
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#micros.waiting;
  }

  /**
   * What a promise comes to, letting time pass as far as it must.
   *
   * @throws what it rejects with; Error when nothing is left that could settle it, or it has not settled after `withinMs`.
   */
  async until<T>(promise: Promise<T>, withinMs: number, what: string): Promise<T> {
    let settled = false;
    const settle = () => void (settled = true);
    promise.then(settle, settle);
    const untilMs = this.now() + withinMs;
    for (;;) {
      await turn();
      if (settled) return promise;
      const nextMicros = this.#micros.nextDueMs;
      if (nextMicros === undefined) throw new Error(`${what} waits for something that will never happen`);
      if (this.now() + nextMicros / MICRO > untilMs)
        throw new Error(`${what} took longer than ${withinMs} ms`);
      this.#micros.advance(nextMicros);
    }
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const over = new Promise<void>((resolve) => void this.after(ms, resolve));
    // A timer may be late by as much as tells it from others.
    await this.until(over, ms + 2, 'Time');
  }
}
