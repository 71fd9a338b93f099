import type { Clock } from '@mobkit/core';

/** Numbers what one process appends, in microseconds: growing with every number, also when its clock is set back. */
export class AppendOrder {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): number {
    this.#last = Math.max(this.#last + 1, this.#clock.now() * 1000);
    return this.#last;
  }
}
