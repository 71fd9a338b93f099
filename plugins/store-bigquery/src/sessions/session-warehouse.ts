import { type Clock, MobError, type SessionStore, systemClock } from '@mobkit/core';
import type { SessionTable, SessionWarehouse } from '@mobkit/core/ops';

import type { BigQueryClient } from '../client/bigquery-client.js';
import { tableName } from '../client/names.js';
import { AppendOrder } from './append-order.js';
import { BigQuerySessionStore } from './bigquery-session-store.js';
import { isOurs, openClientFor, type SessionWarehouseOptions } from './client-for-caller.js';
import { checkNamed, withoutToken } from './told-to-callers.js';

/** A warehouse of sessions to be closed by whoever opened it. */
export interface BigQuerySessionWarehouse extends SessionWarehouse {
  /** Takes no more calls, and waits for those under way, for at most ten seconds. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens sessions for callers from outside. Credentials are found when they are needed first; nothing is sent before. */
export function openBigQuerySessionWarehouse(
  options: SessionWarehouseOptions = {},
  clock: Clock = systemClock,
): BigQuerySessionWarehouse {
  return new Warehouse(options, clock);
}

class Warehouse implements BigQuerySessionWarehouse {
  readonly #options: SessionWarehouseOptions;
  readonly #clock: Clock;
  readonly #order: AppendOrder;
  /** With the credentials of the warehouse: kept, since finding them takes time. */
  #own: Promise<BigQueryClient> | undefined;
  /** Of calls under way that brought credentials or an address. */
  readonly #brought = new Set<BigQueryClient>();
  #closed = false;

  constructor(options: SessionWarehouseOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#order = new AppendOrder(clock);
  }

  async withSessions<T>(asked: SessionTable, use: (sessions: SessionStore) => Promise<T>): Promise<T> {
    if (this.#closed) throw shuttingDown();
    checkNamed(asked);
    const limit = this.#limit(asked);
    try {
      const work = this.#withClient(asked, (client) => use(this.#sessionsOf(client, asked, limit.signal)));
      return await Promise.race([work, limit.late]);
    } catch (error) {
      // A call that was under way met a client that is closed by now: no argument of the caller's was wrong.
      if (this.#closed && error instanceof TypeError) throw shuttingDown();
      throw withoutToken(asked, error);
    } finally {
      limit.end();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const own = await this.#own?.catch(() => undefined);
    await Promise.all([own?.close(), ...[...this.#brought].map((client) => client.close())]);
  }

  async #withClient<T>(asked: SessionTable, use: (client: BigQueryClient) => Promise<T>): Promise<T> {
    if (isOurs(asked, this.#options)) return use(await this.#ownClient(asked));
    const client = await openClientFor(asked, this.#options, this.#clock);
    this.#brought.add(client);
    try {
      return await use(client);
    } finally {
      await client.close();
      this.#brought.delete(client);
    }
  }

  async #ownClient(asked: SessionTable): Promise<BigQueryClient> {
    const { dataset, table } = asked;
    this.#own ??= openClientFor({ dataset, table }, this.#options, this.#clock);
    try {
      return await this.#own;
    } catch (error) {
      // What was missing may be there the next time.
      this.#own = undefined;
      throw error;
    }
  }

  #sessionsOf(client: BigQueryClient, { dataset, table }: SessionTable, signal: AbortSignal) {
    const name = tableName(client.options.projectId, dataset, table);
    return new BigQuerySessionStore({ client, table: name, order: this.#order, signal });
  }

  /** Ends a call that takes longer than it may. */
  #limit({ timeoutMs = Infinity }: SessionTable) {
    const ended = new AbortController();
    let end = () => {};
    const late = new Promise<never>((_, reject) => {
      end = this.#clock.after(timeoutMs, () => {
        reject(
          new MobError('MOB_STORE_UNAVAILABLE', `no answer within ${timeoutMs} ms`, { retryable: true }),
        );
        ended.abort();
      });
    });
    return { late, signal: ended.signal, end };
  }
}

/** Callers from outside cannot know: for them it is no mistake of theirs. */
function shuttingDown(): MobError {
  return new MobError('MOB_SHUTTING_DOWN', 'The warehouse of sessions is closed');
}
