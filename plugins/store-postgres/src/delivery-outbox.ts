import { type RecordsDefinition, systemClock } from '@mobkit/core';
import {
  type DeliveryOutbox,
  deliveryOutboxDefinition,
  outboxWrite,
  type TransactionClient,
} from '@mobkit/core/ops';

import type { Connection } from './connection.js';
import type { Listener } from './listener.js';

/** What is notified when deliveries were asked for; no log has such a name. */
const TOPIC = '_deliveries/';

/**
 * Asks for deliveries in transactions of an application. The requests are records like any others, so that there is nothing to
 * move: whoever hands them over claims them.
 */
export function createDeliveryOutbox(
  { schema, expectWritable }: Pick<Connection, 'schema' | 'expectWritable'>,
  listener: Pick<Listener, 'subscribe'>,
  makeTable: (definition: RecordsDefinition) => Promise<void>,
): DeliveryOutbox {
  /** By the name of the table: a mob may not have run on this schema yet. */
  const made = new Map([[deliveryOutboxDefinition.name as string, Promise.resolve()]]);
  const ensure = async (client: TransactionClient, definition: RecordsDefinition): Promise<void> => {
    const { name } = definition;
    // Looked for first, and on the caller's connection: whoever makes a table waits for every transaction that has asked for
    // something, and this may be one; and those that ask may hold every connection of the pool.
    if (!made.has(name) && (await isThere(client, schema, name))) made.set(name, Promise.resolve());
    const known = made.get(name) ?? makeTable(definition);
    made.set(name, known);
    // Made again the next time.
    known.catch(() => made.delete(name));
    return known;
  };
  return {
    async enlist(client, requests) {
      const seen = new Set<string>();
      const tables = new Map<string, { readonly records: RecordsDefinition; readonly rows: object[] }>();
      for (const request of requests) {
        const { records, key, record } = outboxWrite(request, systemClock.now());
        if (seen.has(key)) throw new TypeError(`The outbox is asked for "${key}" twice`);
        seen.add(key);
        const table = tables.get(records.name) ?? { records, rows: [] };
        table.rows.push({ key, data: record.data, ...record.fields });
        tables.set(records.name, table);
      }
      expectWritable('enlist deliveries');
      if (tables.size === 0) return;
      const all = [...tables.values()];
      for (const { records } of all) await ensure(client, records);
      const text = enlistAll(
        schema,
        all.map(({ records }) => records.name),
      );
      await client.query(text, [schema, TOPIC, ...all.map(({ rows }) => JSON.stringify(rows))]);
    },
    onEnlisted: (wake) => listener.subscribe(TOPIC, wake),
  };
}

/** Answers false, too, where a connection gives rows in another form than `pg`. */
async function isThere(client: TransactionClient, schema: string, table: string): Promise<boolean> {
  const text = 'select to_regclass($1) is not null as there';
  const answer = (await client.query(text, [`"${schema}".${table}`])) as
    | { readonly rows?: readonly { readonly there?: unknown }[] }
    | undefined;
  return answer?.rows?.[0]?.there === true;
}

/** One statement for all tables: outside a transaction, too, all is asked for or nothing. */
function enlistAll(schema: string, tables: readonly string[]): string {
  const inserts = tables.map((table, at) => `asked_${at} as (${enlistInto(schema, table, `$${at + 3}`)})`);
  return `with ${inserts.join(', ')} select pg_notify($1, $2)`;
}

/** One that waits is left to whoever may be handing it over right now. Due by the clock that claims go by. */
function enlistInto(schema: string, table: string, rows: string): string {
  return `
  insert into "${schema}".${table} as kept (key, version, data, due_at_ms, recipient, status)
  select key, nextval('${schema}._versions'), data, (extract(epoch from statement_timestamp()) * 1000)::bigint, recipient, status
  from json_to_recordset(${rows}::json) as given (key text, data text, recipient text, status text)
  on conflict (key) do update set version = excluded.version, data = excluded.data, due_at_ms = excluded.due_at_ms,
    recipient = excluded.recipient, status = excluded.status, lease_owner = null, lease_until_ms = null
  where kept.status = 'refused'`;
}
