import { entryOfEvent, type NewEvent } from '@mobkit/core';

/** What `enlist` needs of a connection: `pg`'s `Client` and `PoolClient` have it, and others that speak as they do. */
export interface OutboxClient {
  query(text: string, values: unknown[]): PromiseLike<unknown>;
}

/** Takes events in a transaction of the application's own. */
export interface Outbox {
  /**
   * Writes events to the outbox, on a connection and in a transaction that are the caller's. When that commits, they are
   * moved into the event log, by this process or another one that has the store open, and only then they have cursors;
   * when it is rolled back, they never were. Outside a transaction they are committed at once.
   *
   * Each event is in the log once, known by its id. Events of one transaction are in the log in the order they were
   * enlisted; nothing is promised about the order of transactions among each other, nor that nothing comes between.
   * What the connection throws passes through.
   *
   * @throws TypeError naming the first event that cannot be kept, and its field; nothing was written.
   */
  enlist(client: OutboxClient, events: readonly NewEvent[]): Promise<void>;
}

/** What is notified when something was enlisted; no log has such a name. */
export const OUTBOX_TOPIC = '_outbox/';

/** Enlists in the outbox of a schema, and says beforehand that it will. */
export function createOutbox(schema: string, enlisting: () => void): Outbox {
  const text = `with enlisted as (
  insert into "${schema}"._outbox (entry)
  select entry from json_array_elements_text($1::json) with ordinality as given (entry, nth) order by nth
) select pg_notify($2, $3)`;
  return {
    async enlist(client, events) {
      const entries = events.map((event) => JSON.stringify(entryOfEvent(event)));
      enlisting();
      if (entries.length > 0) await client.query(text, [JSON.stringify(entries), schema, OUTBOX_TOPIC]);
    },
  };
}
