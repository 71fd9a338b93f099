import { createHash, randomUUID } from 'node:crypto';

import type { Clock } from '@mobkit/core';

/** Makes ids that nobody ever makes again, and that sort, within a process, in the order they were made. */
export class NewIds {
  readonly #clock: Clock;
  #lastMs = 0;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(kind: 'action' | 'pending' | 'audit'): string {
    const nowMs = this.#clock.now();
    // Also when the clock was set back.
    this.#count = nowMs > this.#lastMs ? 0 : this.#count + 1;
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    const time = this.#lastMs.toString().padStart(13, '0');
    return `gate-${kind}-${time}-${this.#count.toString().padStart(6, '0')}-${randomUUID().slice(0, 8)}`;
  }
}

/** The id of what a call waits for: the same each time it is asked about. */
export function pendingIdOf(callKey: string): string {
  return `gate-pending-call-${createHash('sha256').update(callKey).digest('hex').slice(0, 32)}`;
}
