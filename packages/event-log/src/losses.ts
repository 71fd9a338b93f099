import { randomUUID } from 'node:crypto';

import type { NewEvent } from '@mobkit/core';

/** Dropped events that the log has not been told of. */
interface Loss {
  readonly overflow: number;
  readonly refused: number;
  readonly corrupt: number;
  /** Of what is missing, so far as that is known. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A loss, and the event that tells the log of it. */
export interface Gap {
  readonly loss: Loss;
  readonly event: NewEvent;
}

/** Dropped events until a `gap` event in the log tells of them. */
export class Losses {
  #loss: Loss | undefined;
  /** Tells of `#loss`, if an append has tried to; kept, because what is sent again must have the same id. */
  #event: NewEvent | undefined;
  readonly #total: () => number;

  /** @param total - every event dropped so far, by this and by others. */
  constructor(total: () => number) {
    this.#total = total;
  }

  get pending(): boolean {
    return this.#loss !== undefined;
  }

  note(reason: 'overflow' | 'refused', { timestampMs }: NewEvent): void {
    // An event may be refused for its time, which is then nothing to tell.
    const times = Number.isSafeInteger(timestampMs) ? { firstMs: timestampMs, lastMs: timestampMs } : {};
    this.#add({ ...NOTHING, ...times, [reason]: 1 });
  }

  /** Events whose bytes cannot be read: nothing is known of them but how many they are. */
  noteCorrupt(count: number): void {
    this.#add({ ...NOTHING, corrupt: count });
  }

  /** Removes what is pending, for an append. */
  take(nowMs: number): Gap | undefined {
    const loss = this.#loss;
    if (!loss) return undefined;
    const gap = { loss, event: this.#event ?? toEvent(loss, this.#total(), nowMs) };
    this.#loss = this.#event = undefined;
    return gap;
  }

  /** After an append that failed. What was dropped meanwhile joins it, in one event with a new id. */
  putBack({ loss, event }: Gap): void {
    if (this.#loss) this.#loss = sum(loss, this.#loss);
    else [this.#loss, this.#event] = [loss, event];
  }

  #add(one: Loss): void {
    this.#loss = this.#loss ? sum(this.#loss, one) : one;
    this.#event = undefined;
  }
}

const NOTHING: Loss = { overflow: 0, refused: 0, corrupt: 0, firstMs: Infinity, lastMs: -Infinity };

function sum(one: Loss, other: Loss): Loss {
  return {
    overflow: one.overflow + other.overflow,
    refused: one.refused + other.refused,
    corrupt: one.corrupt + other.corrupt,
    firstMs: Math.min(one.firstMs, other.firstMs),
    lastMs: Math.max(one.lastMs, other.lastMs),
  };
}

function toEvent({ firstMs, lastMs, ...reasons }: Loss, total: number, nowMs: number): NewEvent {
  const { overflow, refused, corrupt } = reasons;
  return {
    id: `gap-${randomUUID()}`,
    timestampMs: nowMs,
    event: {
      kind: 'module',
      module: 'runtime',
      eventType: 'event_log.gap',
      payload: {
        dropped: overflow + refused + corrupt,
        reasons: { overflow, refused, corrupt },
        ...(firstMs <= lastMs && { first_timestamp_ms: firstMs, last_timestamp_ms: lastMs }),
        dropped_total: total,
      },
    },
  };
}
