import { randomUUID } from 'node:crypto';

import { type Clock, type DeadLetter, type DeadLetterStore, isMobError } from '@mobkit/core';

import { Backoff } from './backoff.js';
import { deadLetterOf, eventIdOf } from './dead-letter-of.js';
import type { Health } from './health.js';

/** Letters that wait while their store does not answer; what comes then is told to the error hook alone. */
const LETTERS_CAP = 256;

/** Keeps refused events, at its own pace: neither holds an append up nor is held up by one. */
export class DeadLetterBox {
  readonly #store: DeadLetterStore;
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #backoff: Backoff;
  readonly #waiting: DeadLetter[] = [];
  #count = 0;
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(store: DeadLetterStore, clock: Clock, health: Health) {
    this.#store = store;
    this.#clock = clock;
    this.#health = health;
    this.#backoff = new Backoff(clock);
  }

  add(event: unknown, error: string): void {
    if (this.#stopped || this.#waiting.length >= LETTERS_CAP)
      return this.#health.letterLost(eventIdOf(event));
    // Numbered, so that those of one millisecond stay in their order.
    const unique = `${String(this.#count++).padStart(10, '0')}-${randomUUID()}`;
    this.#waiting.push(deadLetterOf({ event, error, refusedAtMs: this.#clock.now(), unique }));
    this.#working ??= Promise.resolve().then(() => this.#work());
  }

  /** Resolves when nothing waits. Attempts begin at once. */
  async emptied(): Promise<void> {
    this.#backoff.cut();
    await this.#working;
  }

  /** Gives up what waits, and says so. */
  stop(): void {
    this.#stopped = true;
    this.#backoff.cut();
    for (const { eventId } of this.#waiting.splice(0)) this.#health.letterLost(eventId);
  }

  async #work(): Promise<void> {
    for (let letter = this.#waiting[0]; letter && !this.#stopped; letter = this.#waiting[0]) {
      try {
        await this.#store.put(letter);
        this.#waiting.shift();
        this.#backoff.reset();
        this.#health.letterKept();
      } catch (error) {
        if (this.#stopped) break;
        if (error instanceof TypeError || isMobError(error, 'MOB_STORE_REFUSED')) {
          // Another attempt would end in the same way, and hold up the letters behind it.
          this.#waiting.shift();
          this.#health.letterLost(letter.eventId);
          continue;
        }
        this.#health.letterFailed(error);
        await this.#backoff.wait();
      }
    }
    this.#working = undefined;
  }
}
