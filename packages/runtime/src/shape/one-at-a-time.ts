import { MobError } from '@mobkit/core';

/** Calls that may wait: each would do again what the one before it did. */
const MOST_WAITING = 64;

/** Does one piece of work after the other, in the order in which they were asked for. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @throws MobError `MOB_CONFLICT` (retryable) when too many wait; what `work` throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting > MOST_WAITING) {
      const message = `${MOST_WAITING} reconciles wait already: try again when one is over`;
      throw new MobError('MOB_CONFLICT', message, { retryable: true });
    }
    this.#waiting += 1;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Resolves when nothing runs or waits. Never rejects. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#last;
  }
}
