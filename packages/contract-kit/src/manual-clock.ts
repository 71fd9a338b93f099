import type { Clock } from '@mobkit/core';

interface Timer {
  dueMs: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  /** @param nowMs - Unix time to begin at. @defaultValue 0 */
  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves time on, calling each timer at its moment, the earliest first. Timers set on the way take part. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }

  /** Sets the time without calling timers, as somebody who sets the machine's clock does. They stay due after as long. */
  set(nowMs: number): void {
    for (const timer of this.#timers) timer.dueMs += nowMs - this.#nowMs;
    this.#nowMs = nowMs;
  }

  #next(untilMs: number): Timer | undefined {
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs);
    return due.toSorted((one, other) => one.dueMs - other.dueMs)[0];
  }
}
