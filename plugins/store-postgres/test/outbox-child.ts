// A process that enlists two events in a transaction of its own, says so when that is committed, and goes on.

import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';

const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
const { outbox } = await openPostgresStores({ connectionString, schema: process.argv[2] ?? '' });
const client = new Client(connectionString);
await client.connect();
await client.query('begin');
const told = { kind: 'module', module: 'child', eventType: 'enlisted', payload: null } as const;
await outbox.enlist(
  client,
  ['a', 'b'].map((id) => ({ id, timestampMs: 1, event: told })),
);
await client.query('commit');
process.send?.('committed');
