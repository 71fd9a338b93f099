/**
 * Says how many events the next append should carry, so that an event which the log refuses is found in about log2 of
 * the batch, and a run of them costs one append each.
 */
export class Bisection {
  readonly #most: number;
  #size: number;
  /** One of this many of the oldest is refused; 0: none is known to be. */
  #suspects = 0;

  /** @param most - Events in one append while nothing is refused. */
  constructor(most: number) {
    this.#most = most;
    this.#size = most;
  }

  get size(): number {
    return this.#suspects > 0 ? Math.ceil(this.#suspects / 2) : this.#size;
  }

  /** An append of `count` events was refused, more than one. */
  refused(count: number): void {
    this.#suspects = count;
  }

  /** The refused event was found. Others may follow it, so begin with one and double. */
  found(): void {
    this.#suspects = 0;
    this.#size = 1;
  }

  stored(count: number): void {
    if (this.#suspects > 0) this.passed(count);
    else this.#size = Math.min(this.#size * 2, this.#most);
  }

  /** `count` of the oldest are gone, not counting the `skip` before them. */
  passed(count: number, skip = 0): void {
    this.#suspects -= Math.min(count, Math.max(this.#suspects - skip, 0));
  }
}
