import type { Clock } from '@mobkit/core';

export interface RestartLimits {
  /** At most so many restarts within `windowMs`, and in a row that do not lead to a healthy process. */
  readonly restarts: number;
  readonly windowMs: number;
  /** Before the first restart; doubled by each further one until it was healthy for `windowMs`. */
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
}

/** More make no number any more, and fewer any pause the longest. */
const MOST_DOUBLINGS = 1000;

/** Says whether a module may be started again, and after which pause. */
export class RestartBudget {
  readonly #limits: RestartLimits;
  readonly #clock: Clock;
  /** When the last restarts were, within the window. */
  #recent: number[] = [];
  #inARow = 0;
  #doublings = 0;
  #healthySinceMs: number | undefined;

  constructor(limits: RestartLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Its process is healthy from now on. */
  healthy(): void {
    this.#inARow = 0;
    this.#healthySinceMs = this.#clock.now();
  }

  /** Its process failed: how long to wait before the next one, in milliseconds; undefined when there is to be none. */
  failed(): number | undefined {
    const { restarts, windowMs, backoffMs, longestBackoffMs } = this.#limits;
    const nowMs = this.#clock.now();
    if (nowMs - (this.#healthySinceMs ?? nowMs) >= windowMs) this.#doublings = 0;
    this.#healthySinceMs = undefined;
    // One from the future was before the clock went back, who knows when.
    this.#recent = this.#recent.filter((atMs) => atMs <= nowMs && nowMs - atMs < windowMs);
    if (Math.max(this.#inARow, this.#recent.length) >= restarts) return undefined;
    this.#recent.push(nowMs);
    this.#inARow += 1;
    const pauseMs = Math.min(backoffMs * 2 ** this.#doublings, longestBackoffMs);
    this.#doublings = Math.min(this.#doublings + 1, MOST_DOUBLINGS);
    return pauseMs;
  }
}
