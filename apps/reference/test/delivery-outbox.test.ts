import { randomUUID } from 'node:crypto';

import { ManualClock } from '@mobkit/contract-kit';
import type { MobHandle } from '@mobkit/core/mob';
import { deliveryOutboxDefinition } from '@mobkit/core/ops';
import { openDelivery } from '@mobkit/delivery';
import { openRulesRouter } from '@mobkit/router-rules';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
const TOMORROW_MS = 86_400_000;

it('[outbox.two-processes] sends once what was asked for in transactions that commit, with two deliveries on one store', async () => {
  const schema = `outbox_${randomUUID().slice(0, 8)}`;
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(async () => {
    await client.query(`drop schema if exists "${schema}" cascade`);
    await client.end();
  });
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

/** A delivery with a router, as a process of its own has them. */
async function openAll(schema: string, sent: string[]) {
  const stores = await openPostgresStores({ connectionString, schema });
  onTestFinished(() => stores.close());
  const { storage, deliveryOutbox } = stores;
  const clock = new ManualClock(Date.now() + TOMORROW_MS);
  const router = await openRulesRouter({
    storage,
    mobId: 'm',
    clock,
    routes: [{ routeKey: 'all', recipient: '*', sink: 'box' }],
  });
  const delivery = await openDelivery({
    storage,
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
  await delivery.start({ mob: { mobId: 'm' } as MobHandle, tell: () => {}, onError: () => {} });
  onTestFinished(() => delivery.stop({ deadlineMs: 5_000 }));
  return { stores, delivery };
}
