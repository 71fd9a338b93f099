import { MobError, type RecordsDefinition } from '@mobkit/core';
import type { DeliverySink } from '@mobkit/core/ops';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { deliveriesIn, request, resolution } from './delivery-records.js';
import { letPass, openStage, settle } from './delivery-stage.js';

const HOUR_MS = 3_600_000;

it('[delivery.pruned] removes settled deliveries that are old, with what else is over', async () => {
  const { delivery, clock, storage } = await openStage({ idempotencyTtlMs: HOUR_MS, retentionMs: HOUR_MS });
  const names = ['delivery_keys', 'delivery_limits'];
  const kept = async () => {
    const { records } = await storage.contents();
    const lists = records
      .filter(({ name }) => names.includes(name))
      .map((definition) => storage.records(definition).list({}));
    return (await Promise.all(lists)).flatMap((page) => page.records).length;
  };
  await delivery.send(request({ idempotencyKey: 'k' }));
  expect(await kept()).toBe(2);
  clock.advance(HOUR_MS / 2);
  const younger = await delivery.send(request());
  clock.advance(HOUR_MS / 2 + 1);
  await settle();
  expect(await delivery.history()).toEqual([younger]);
  expect(await kept()).toBe(0);
});

it('[delivery.pruned] keeps so many of the newest, and everything that is pending', async () => {
  const { storage } = await openMemoryStores();
  const deliver: DeliverySink['deliver'] = async ({ payload }) => {
    if (payload === 'never') throw new MobError('acme/busy', 'busy', { retryable: true });
  };
  const { delivery, clock } = await openStage({
    storage,
    maxRecords: 70,
    idempotencyTtlMs: HOUR_MS / 2,
    answerWithinMs: 1,
    deliver,
  });
  const stubborn = resolution({ recipient: 'lead', sink: 'box', retryMax: 10, backoffMs: 300_000 });
  await letPass(clock, delivery.send(request({ payload: 'never', resolution: stubborn })));
  const to = resolution({ recipient: 'ops', sink: 'box', rateLimitPerMinute: 1_000 });
  for (let n = 0; n < 150; n++) await delivery.send(request({ payload: n, resolution: to }));
  clock.advance(HOUR_MS);
  await settle();
  const kept = (await deliveriesIn(storage)).map(({ record }) => [record.status, record.payload]);
  expect(kept.filter(([status]) => status === 'sent')).toEqual(
    Array.from({ length: 70 }, (_, n) => ['sent', 149 - n]),
  );
  expect(kept).toHaveLength(71);
});

it('[delivery.keys-before] removes keys that an earlier version left without their deliveries', async () => {
  const { storage } = await openMemoryStores();
  const definition: RecordsDefinition = { kind: 'records', name: 'delivery_keys', fields: {} };
  await storage.prepare([definition]);
  const holder = { deliveryId: 'gone', expiresAtMs: 1 };
  await storage.records(definition).put('key', { data: JSON.stringify(holder), dueAtMs: 1 });
  await openStage({ storage });
  await settle();
  expect(await storage.records(definition).get('key')).toBeUndefined();
});

it('[delivery.key-lasts] keeps what a key stands for as long as the key counts, however many came after it', async () => {
  const delivered: unknown[] = [];
  const { delivery, clock } = await openStage({
    maxRecords: 1,
    idempotencyTtlMs: 2 * HOUR_MS,
    retentionMs: 2 * HOUR_MS,
    deliver: async ({ payload }) => void delivered.push(payload),
  });
  const to = resolution({ recipient: 'ops', sink: 'box', rateLimitPerMinute: 100 });
  const keyed = request({ idempotencyKey: 'k', payload: 'once', resolution: to });
  const first = await delivery.send(keyed);
  for (let n = 0; n < 3; n++) await delivery.send(request({ payload: n, resolution: to }));
  clock.advance(HOUR_MS + 1);
  await settle();
  expect(await delivery.send(keyed)).toEqual(first);
  expect(delivered).toEqual(['once', 0, 1, 2]);
});
