/**
 * A stream of numbers that is the same for the same seed, on every machine: what a run leaves to chance can be run again.
 *
 * Source: mulberry32, Tommy Ettinger 2017, public domain.
 */
export class SeededRandom {
  #state: number;

  /** @param seed - a whole number; its lowest 32 bits count. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True in this share of the cases, from 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of them. @throws TypeError when there is none. */
  pick<T>(choices: readonly T[]): T {
    const [first] = choices;
    if (first === undefined) throw new TypeError('There is nothing to pick from');
    return choices[this.whole(0, choices.length - 1)] ?? first;
  }
}
