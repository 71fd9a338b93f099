import type { NewEvent } from '@mobkit/core';

/**
 * Unflushed events kept, the append under way included: about 4 MB at 1 kB each. Beyond it the oldest go, and are
 * counted.
 */
export const BUFFER_CAP = 4096;

const MASK = BUFFER_CAP - 1;

/**
 * Events, oldest first, in a ring of `BUFFER_CAP` places. Does not guard its bound: whoever pushes makes room, and
 * counts what was taken as still here, so that it can be put back.
 */
export class EventQueue {
  readonly #ring = Array.from<NewEvent | undefined>({ length: BUFFER_CAP });
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(event: NewEvent): void {
    this.#ring[(this.#head + this.#length) & MASK] = event;
    this.#length++;
  }

  /** Removes the oldest. */
  shift(): NewEvent | undefined {
    if (this.#length === 0) return undefined;
    const event = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & MASK;
    this.#length--;
    return event;
  }

  /** Removes the oldest, at most `count`. */
  take(count: number): readonly NewEvent[] {
    const events: NewEvent[] = [];
    for (let event; events.length < count && (event = this.shift());) events.push(event);
    return events;
  }

  /** Puts what was taken back in front. */
  putBack(events: readonly NewEvent[]): void {
    this.#head = (this.#head - events.length) & MASK;
    for (const [index, event] of events.entries()) this.#ring[(this.#head + index) & MASK] = event;
    this.#length += events.length;
  }
}
