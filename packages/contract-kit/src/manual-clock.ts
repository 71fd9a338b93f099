import type { Clock, TimerOptions } from '@mobkit/core';

interface Timer {
  readonly dueAtMs: number;
  readonly run: () => void;
  readonly background: boolean;
}

/** A clock that stands still until it is told. */
export class ManualClock implements Clock {
  /** What `advance` has moved on, which is what timers go by: they do not see the time being set. */
  #elapsedMs = 0;
  /** What the time is when nothing has elapsed. */
  #beganAtMs: number;
  readonly #timers = new Set<Timer>();

  /** @param nowMs - Unix time to begin at. @defaultValue 0 */
  constructor(nowMs = 0) {
    this.#beganAtMs = nowMs;
  }

  now(): number {
    return this.#beganAtMs + this.#elapsedMs;
  }

  after(delayMs: number, run: () => void, { background = false }: TimerOptions = {}): () => void {
    const timer = { dueAtMs: this.#elapsedMs + delayMs, run, background };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** How long until the earliest of them is due, in milliseconds; undefined when none waits. */
  get nextDueMs(): number | undefined {
    if (this.#timers.size === 0) return undefined;
    let earliestMs = Infinity;
    for (const { dueAtMs } of this.#timers) earliestMs = Math.min(earliestMs, dueAtMs);
    return Math.max(earliestMs - this.#elapsedMs, 0);
  }

  /** How many of them would keep the process alive: those that are not `background`. */
  get holding(): number {
    return [...this.#timers].filter(({ background }) => !background).length;
  }

  /**
   * Moves time on, calling each timer at its moment, the earliest first. Timers set on the way take part.
   *
   * @throws TypeError for less than 0 milliseconds: `set` is what goes back.
   */
  advance(byMs: number): void {
    if (!(byMs >= 0)) throw new TypeError(`Time cannot be advanced by ${byMs} ms`);
    const untilMs = this.#elapsedMs + byMs;
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueAtMs);
      next.run();
    }
    // A timer may have moved time on further by itself.
    this.#elapsedMs = Math.max(this.#elapsedMs, untilMs);
  }

  /** Sets the time without calling timers, as somebody who sets the machine's clock does. They stay due after as long. */
  set(nowMs: number): void {
    this.#beganAtMs = nowMs - this.#elapsedMs;
  }

  #next(untilMs: number): Timer | undefined {
    const due = [...this.#timers].filter(({ dueAtMs }) => dueAtMs <= untilMs);
    return due.toSorted((one, other) => one.dueAtMs - other.dueAtMs)[0];
  }
}
