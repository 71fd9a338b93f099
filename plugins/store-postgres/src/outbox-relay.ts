import { backoffMs, type Clock, delay, eventLogDefinition } from '@mobkit/core';

import type { Announcer } from './announcer.js';
import { topicOf } from './appender.js';
import type { Connection } from './connection.js';
import { storeError } from './errors.js';
import type { Listener } from './listener.js';
import { moveOutbox } from './move-outbox.js';
import { OUTBOX_TOPIC } from './outbox.js';

/** How often to look for what was enlisted by a process that has ended since, or behind a pooler that hides notifications. */
const LOOK_MS = 5_000;

/** What a relay works with; the clock is for waiting. */
export interface OutboxRelayDeps {
  readonly connection: Connection;
  readonly listener: Listener;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/** Moves what was enlisted into the event log, from when it is made: at once, when told, and now and then. */
export class OutboxRelay {
  readonly #deps: OutboxRelayDeps;
  readonly #closed = new AbortController();
  readonly #looking: Promise<void>;
  #following: (() => void) | undefined;
  #woken = false;
  #moving: Promise<void> | undefined;

  constructor(deps: OutboxRelayDeps) {
    this.#deps = deps;
    this.#looking = this.#look();
  }

  /** From now on is told by a notification. Takes the connection that listens, which who never enlists does without. */
  follow(): void {
    if (this.#closed.signal.aborted) throw new TypeError('store-postgres is closed: cannot enlist events');
    this.#following ??= this.#deps.listener.subscribe(OUTBOX_TOPIC, () => this.#wake());
  }

  /** Finishes the transaction under way and begins no other; what is left is moved by whoever has the store open next. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#following?.();
    await Promise.all([this.#looking, this.#moving]);
  }

  #wake(): void {
    this.#woken = true;
    this.#moving ??= this.#move();
  }

  async #look(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      this.#wake();
      await delay(this.#deps.clock, LOOK_MS, signal, { background: true });
    }
  }

  async #move(): Promise<void> {
    const { connection, clock } = this.#deps;
    const { signal } = this.#closed;
    for (let failures = 0; this.#woken && !signal.aborted;) {
      this.#woken = false;
      try {
        while (!signal.aborted && (await this.#moveSome()));
        failures = 0;
      } catch (cause) {
        // Once, not for each attempt.
        if (failures === 0) connection.onError(storeError('move what was enlisted', cause));
        await delay(clock, backoffMs(failures++), signal, { background: true });
        this.#woken = true;
      }
    }
    this.#moving = undefined;
  }

  async #moveSome(): Promise<boolean> {
    const { connection, announcer } = this.#deps;
    const { rows, stored, refused } = await connection.run('move what was enlisted', (db) =>
      moveOutbox(db, connection.schema),
    );
    if (stored > 0) announcer.appended(topicOf({ log: eventLogDefinition }));
    for (const error of refused) connection.onError(error);
    return rows > 0;
  }
}
