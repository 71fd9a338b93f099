import type { RecordsDefinition } from '@mobkit/core';
import { deliveryOutboxDefinition, deliveryOutboxOf, type OutboxRequest } from '@mobkit/core/ops';
import { openPostgresStores, type PostgresStores } from '@mobkit/store-postgres';
import { Client, Pool } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';

import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();

function asked(id: string, given: Partial<OutboxRequest> = {}): OutboxRequest {
  return { id, recipient: 'ops', payload: { text: 'Paid' }, ...given };
}

it('[outbox.commit] asks for deliveries when the transaction commits they were asked for in, and tells whoever hands them over', async () => {
  const schema = freshSchema();
  const [{ deliveryOutbox }, other] = [await open(schema), await open(schema)];
  const client = await connected();
  const wake = vi.fn<() => void>();
  onTestFinished(other.deliveryOutbox.onEnlisted(wake));
  await expect.poll(() => wake.mock.calls.length).toBeGreaterThan(0);
  await client.query('begin; create temp table orders (id text)');
  await client.query(`insert into orders values ('7')`);
  await deliveryOutbox.enlist(client, [asked('order-7'), asked('order-8')]);
  await deliveryOutbox.enlist(client, []);
  expect(await due(other)).toEqual([]);
  const woken = wake.mock.calls.length;
  await client.query('commit');
  await expect.poll(() => wake.mock.calls.length).toBeGreaterThan(woken);
  expect(await due(other)).toMatchObject([
    { key: 'order-7', fields: { recipient: 'ops', status: 'waiting' } },
    { key: 'order-8' },
  ]);
});

it('[outbox.rollback] forgets what was asked for in a transaction, or a part of one, that is rolled back', async () => {
  const stores = await open();
  const client = await connected();
  await client.query('begin');
  await stores.deliveryOutbox.enlist(client, [asked('a')]);
  await client.query('rollback');
  await client.query('begin');
  await stores.deliveryOutbox.enlist(client, [asked('b')]);
  await client.query('savepoint part');
  await stores.deliveryOutbox.enlist(client, [asked('c')]);
  await client.query('rollback to savepoint part');
  await client.query('commit');
  expect((await due(stores)).map(({ key }) => key)).toEqual(['b']);
});

it('[outbox.same] keeps a request as it was asked for', async () => {
  const stores = await open();
  const request = asked('é', {
    channel: 'alert',
    from: 'shop',
    interactionId: 'i-1',
    mobId: 'shop',
    payload: { nul: '\0', half: '\ud800', text: '"\\ü𝄞', list: [1, null, { deep: true }] },
  });
  await stores.deliveryOutbox.enlist(await connected(), [request]);
  const [kept] = await due(stores, deliveryOutboxOf('shop'));
  expect(JSON.parse(kept!.data)).toEqual({ ...request, status: 'waiting' });
});

it('[outbox.own-rows] keeps what is asked for of a mob where no other one looks, all or nothing with the rest', async () => {
  const schema = freshSchema();
  const [stores, again] = [await open(schema), await open(schema)];
  const client = await connected();
  const asking = [asked('a', { mobId: 'shop' }), asked('b', { mobId: 'A mob, with blanks' }), asked('c')];
  await client.query('begin');
  await stores.deliveryOutbox.enlist(client, asking);
  // In the same transaction, by one that knows none of the tables yet.
  await again.deliveryOutbox.enlist(client, [asked('d', { mobId: 'shop' })]);
  await client.query('commit');
  const keys = async (records?: RecordsDefinition) => (await due(stores, records)).map(({ key }) => key);
  expect(await keys(deliveryOutboxOf('shop'))).toEqual(['a', 'd']);
  expect(await keys(deliveryOutboxOf('A mob, with blanks'))).toEqual(['b']);
  expect(await keys()).toEqual(['c']);
});

it('[outbox.own-connection] asks on the connection that it is given alone, where the table is there', async () => {
  const schema = freshSchema();
  const { storage } = await open(schema);
  await storage.prepare([deliveryOutboxOf('shop')]);
  const pool = new Pool({ connectionString, max: 2 });
  onTestFinished(() => pool.end());
  const { deliveryOutbox, close } = await openPostgresStores({ pool, schema });
  onTestFinished(close);
  // All that the pool has.
  const clients = [await pool.connect(), await pool.connect()];
  onTestFinished(() => clients.forEach((client) => client.release()));
  const [client] = clients;
  await deliveryOutbox.enlist(client!, [asked('a', { mobId: 'shop' }), asked('b')]);
  const { rows } = await client!.query(`select key from ${schema}.delivery_outbox_shop`);
  expect(rows).toEqual([{ key: 'a' }]);
});

it('[outbox.once] leaves a request alone that waits under its id, and asks again for one that was refused', async () => {
  const stores = await open();
  const client = await connected();
  const records = stores.storage.records(deliveryOutboxDefinition);
  await stores.deliveryOutbox.enlist(client, [asked('a', { payload: 1 })]);
  const [claimed] = await due(stores);
  await stores.deliveryOutbox.enlist(client, [asked('a', { payload: 2 })]);
  expect(await records.get('a')).toEqual(claimed);
  await records.put('a', { ...claimed!, fields: { recipient: 'ops', status: 'refused' } });
  await stores.deliveryOutbox.enlist(client, [asked('a', { payload: 3 })]);
  const [again] = await due(stores);
  expect(again!.version).toBeGreaterThan(claimed!.version);
  expect(JSON.parse(again!.data)).toMatchObject({ payload: 3, status: 'waiting' });
});

it('[outbox.check] refuses a request that cannot be kept, naming it, before anything is written', async () => {
  const { deliveryOutbox } = await open();
  const client = { query: vi.fn<() => Promise<void>>() };
  const wrong: readonly [object, string][] = [
    [{ id: 'x\0' }, 'id'],
    [{ id: ' ' }, 'id'],
    [{ id: 'x'.repeat(301) }, 'id'],
    [{ recipient: '' }, 'recipient'],
    [{ channel: '\ud800' }, 'channel'],
    [{ payload: undefined }, 'payload of "b"'],
    [{ payload: { at: 1n } }, 'payload.at of "b"'],
    [{ id: 'a' }, '"a" twice'],
  ];
  for (const [given, said] of wrong) {
    const enlisted = deliveryOutbox.enlist(client, [asked('a'), { ...asked('b'), ...given }]);
    await expect(enlisted).rejects.toThrow(TypeError);
    await expect(enlisted).rejects.toThrow(said);
  }
  expect(client.query).not.toHaveBeenCalled();
});

it('refuses where only reading is allowed', async () => {
  const schema = freshSchema();
  await open(schema);
  const { deliveryOutbox } = await open(schema, true);
  const enlisted = deliveryOutbox.enlist(await connected(), [asked('a')]);
  await expect(enlisted).rejects.toMatchObject({ code: 'MOB_STORE_REFUSED' });
});

async function open(schema = freshSchema(), readOnly = false): Promise<PostgresStores> {
  const stores = await openPostgresStores({ connectionString, schema, readOnly });
  onTestFinished(() => stores.close());
  return stores;
}

async function connected(): Promise<Client> {
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function due({ storage }: PostgresStores, records: RecordsDefinition = deliveryOutboxDefinition) {
  if (records !== deliveryOutboxDefinition) await storage.prepare([records]);
  const claim = { owner: 'me', leaseMs: 0, limit: 10 };
  return (await storage.records(records).claimDue(claim)).records;
}
