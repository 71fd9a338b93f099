import { entry } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const log = { kind: 'log', name: 'test_log', fields: {} } as const;
const records = { kind: 'records', name: 'test_records', fields: {} } as const;
const event = { kind: 'module', module: 'm', eventType: 'said', payload: null } as const;

async function open(schema: string, readOnly = false) {
  const stores = await openPostgresStores({ connectionString, schema, readOnly });
  onTestFinished(() => stores.close());
  return stores;
}

async function connected() {
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

it('[postgres.read-only] reads what is there, and refuses every write', async () => {
  const schema = freshSchema();
  const writer = await open(schema);
  await writer.storage.prepare([log, records]);
  await writer.storage.log(log).append([entry('a')]);
  const { storage, outbox } = await open(schema, true);
  await storage.prepare([log, records]);
  const [entries, all] = [storage.log(log), storage.records(records)];
  expect((await entries.read({})).entries).toMatchObject([{ id: 'a' }]);
  const client = await connected();
  const writes = await Promise.allSettled([
    entries.append([entry('b')]),
    entries.prune({ keep: 0 }),
    all.put('k', { data: '1' }),
    all.delete('k'),
    all.claimDue({ owner: 'me', leaseMs: 1, limit: 1 }),
    storage.commit({ appends: [{ log, entries: [entry('b')] }] }),
    outbox.enlist(client, [{ id: 'a', timestampMs: 0, event }]),
  ]);
  for (const write of writes) {
    expect(write).toMatchObject({
      status: 'rejected',
      reason: { code: 'MOB_STORE_REFUSED', details: { schema } },
    });
  }
  await expect(storage.prepare([{ ...log, name: 'other_log' }])).rejects.toThrow(/"other_log" yet: let this/);
});

it('[postgres.read-nothing] creates nothing where there is nothing to read, and upgrades nothing', async () => {
  const [missing, older] = [freshSchema(), freshSchema()];
  const client = await connected();
  await expect(open(missing, true)).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: `There is no schema "${missing}" to read: name one that has been in use`,
  });
  const { rows } = await client.query('select from pg_namespace where nspname = $1', [missing]);
  expect(rows).toEqual([]);
  await (await open(older)).close();
  await client.query(`drop table "${older}"._upgrades`);
  await expect(open(older, true)).rejects.toThrow(`Schema "${older}" is of an older version: let this`);
  const { rows: kept } = await client.query<{ kept: unknown }>('select to_regclass($1) as kept', [
    `"${older}"._upgrades`,
  ]);
  expect(kept).toEqual([{ kept: null }]);
});
