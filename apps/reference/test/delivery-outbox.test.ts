import { randomUUID } from 'node:crypto';

import { ManualClock } from '@mobkit/contract-kit';
import type { MobHandle } from '@mobkit/core/mob';
import { deliveryOutboxDefinition, deliveryOutboxOf } from '@mobkit/core/ops';
import { openDelivery } from '@mobkit/delivery';
import { openRulesRouter } from '@mobkit/router-rules';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
const TOMORROW_MS = 86_400_000;

it('[outbox.two-processes] sends once what was asked for in transactions that commit, with two deliveries on one store', async () => {
  const { client, schema } = await database();
  const sent: string[] = [];
  const all = [await openAll(schema, sent), await openAll(schema, sent)];
  for (let order = 0; order < 40; order++) {
    const { deliveryOutbox } = all[order % 2]!.stores;
    await client.query('begin');
    await deliveryOutbox.enlist(client, [
      { id: `order-${order}`, recipient: `customer-${order}`, payload: { order } },
    ]);
    await client.query(order % 4 === 3 ? 'rollback' : 'commit');
  }
  const records = all[0]!.stores.storage.records(deliveryOutboxDefinition);
  // Told by a notification: the clocks of both stand still.
  await expect.poll(() => records.list({})).toMatchObject({ records: [] });
  const committed = Array.from({ length: 40 }, (_, order) => order).filter((order) => order % 4 !== 3);
  expect(sent.toSorted()).toEqual(committed.map((order) => `customer-${order}`).toSorted());
});

it('[outbox.own-rows] has each of two mobs on one store hand over what was asked for of it', async () => {
  const { client, schema } = await database();
  const sent = { one: [] as string[], other: [] as string[] };
  const one = await openAll(schema, sent.one, 'one');
  await openAll(schema, sent.other, 'other');
  const requests = Array.from({ length: 20 }, (_, at) => {
    const mobId = at % 2 === 0 ? 'one' : 'other';
    return { id: `${at}`, recipient: `${mobId}-${at}`, payload: at, mobId };
  });
  await one.stores.deliveryOutbox.enlist(client, requests);
  await expect.poll(() => [sent.one.length, sent.other.length]).toEqual([10, 10]);
  expect(sent.one.every((recipient) => recipient.startsWith('one-'))).toBe(true);
  const records = one.stores.storage.records(deliveryOutboxOf('one'));
  await expect.poll(() => records.list({})).toMatchObject({ records: [] });
});

/** A schema of its own, and an application that is connected to it. */
async function database() {
  const schema = `outbox_${randomUUID().slice(0, 8)}`;
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(async () => {
    await client.query(`drop schema if exists "${schema}" cascade`);
    await client.end();
  });
  return { client, schema };
}

/** A delivery with a router, as a process of its own has them. */
async function openAll(schema: string, sent: string[], mobId = 'm') {
  const stores = await openPostgresStores({ connectionString, schema });
  onTestFinished(() => stores.close());
  const { storage, deliveryOutbox } = stores;
  const clock = new ManualClock(Date.now() + TOMORROW_MS);
  const router = await openRulesRouter({
    storage,
    mobId,
    clock,
    routes: [{ routeKey: 'all', recipient: '*', sink: 'box' }],
  });
  const delivery = await openDelivery({
    storage,
    scope: mobId,
    clock,
    trust: (resolution) => router.verify(resolution),
    outbox: {
      resolve: (request) => router.resolve(request),
      onEnlisted: (wake) => deliveryOutbox.onEnlisted(wake),
    },
    sinks: () => [
      {
        name: 'box',
        deliver: async ({ resolution }) => void sent.push(resolution.recipient),
      },
    ],
  });
  await delivery.start({ mob: { mobId } as MobHandle, tell: () => {}, onError: () => {} });
  onTestFinished(() => delivery.stop({ deadlineMs: 5_000 }));
  return { stores, delivery };
}
