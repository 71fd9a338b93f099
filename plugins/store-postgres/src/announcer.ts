import { type Clock, delay } from '@mobkit/core';

import type { Connection } from './connection.js';
import { storeError } from './errors.js';
import type { Listener } from './listener.js';

/** While appends follow each other, the wake-ups of other processes are joined for so long. */
const JOIN_MS = 5;

/**
 * Says that entries were appended: at once to whoever listens in this process, and to the others by a notification. That is
 * sent after the commit, because a commit with a notification in it waits for every other one of the database.
 */
export class Announcer {
  readonly #connection: Connection;
  readonly #listener: Listener;
  readonly #clock: Clock;
  readonly #closed = new AbortController();
  #topics = new Set<string>();
  #sending: Promise<void> | undefined;

  constructor(connection: Connection, listener: Listener, clock: Clock) {
    this.#connection = connection;
    this.#listener = listener;
    this.#clock = clock;
  }

  appended(topic: string): void {
    this.#listener.wake(topic);
    this.#topics.add(topic);
    this.#sending ??= this.#send();
  }

  /** Sends what is left, without waiting for more to join it. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { schema, bounds, onError } = this.#connection;
    const { signal } = this.#closed;
    while (this.#topics.size > 0) {
      const topics = [...this.#topics];
      this.#topics.clear();
      try {
        const query = {
          // Nothing is lost with a notification that the disk never saw: the entries are there, and looked for.
          text: `select set_config('synchronous_commit', 'off', true), pg_notify($1, topic) from unnest($2::text[]) as topic`,
          values: [schema, topics],
          query_timeout: bounds.answerMs,
        };
        await this.#listener.sender().query(query);
      } catch (cause) {
        onError(storeError('announce appends', cause));
      }
      await delay(this.#clock, JOIN_MS, signal, { background: true });
    }
    this.#sending = undefined;
  }
}
