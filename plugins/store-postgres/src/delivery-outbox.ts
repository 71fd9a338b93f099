import { systemClock } from '@mobkit/core';
import { type DeliveryOutbox, deliveryOutboxDefinition, outboxWrite } from '@mobkit/core/ops';

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
): DeliveryOutbox {
  const table = `"${schema}".${deliveryOutboxDefinition.name}`;
  // One that waits is left to whoever may be handing it over right now. Due by the clock that claims go by.
  const text = `with asked as (
  insert into ${table} as kept (key, version, data, due_at_ms, recipient, status)
  select key, nextval('${schema}._versions'), data, (extract(epoch from statement_timestamp()) * 1000)::bigint, recipient, status
  from json_to_recordset($1::json) as given (key text, data text, recipient text, status text)
  on conflict (key) do update set version = excluded.version, data = excluded.data, due_at_ms = excluded.due_at_ms,
    recipient = excluded.recipient, status = excluded.status, lease_owner = null, lease_until_ms = null
  where kept.status = 'refused'
) select pg_notify($2, $3)`;
  return {
    async enlist(client, requests) {
      const seen = new Set<string>();
      const rows = requests.map((request) => {
        const { key, record } = outboxWrite(request, systemClock.now());
        if (seen.has(key)) throw new TypeError(`The outbox is asked for "${key}" twice`);
        seen.add(key);
        return { key, data: record.data, ...record.fields };
      });
      expectWritable('enlist deliveries');
      if (rows.length > 0) await client.query(text, [JSON.stringify(rows), schema, TOPIC]);
    },
    onEnlisted: (wake) => listener.subscribe(TOPIC, wake),
  };
}
