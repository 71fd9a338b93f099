import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { memoryStorage, openTestMob } from '../../test/open-test-mob.js';
import { advanceUntil, SharedStorage } from '../../test/shared-storage.js';
import { leasesDefinition } from './lease-record.js';

it('[lifecycle.lease] refuses a second engine by the name of the first, and lets it in when that has shut down', async () => {
  const [inner, clock] = [await memoryStorage(), new ManualClock(1_000)];
  const first = await openTestMob({ storage: new SharedStorage(inner), clock, owner: 'host-a:1' });
  const refused = await advanceUntil(
    clock,
    openTestMob({ storage: new SharedStorage(inner), clock, owner: 'b' }),
  );
  expect(refused).toMatchObject({
    status: 'rejected',
    reason: { code: 'MOB_LEASE_HELD', retryable: true, details: { mobId: 'crew', owner: 'host-a:1' } },
  });
  await first.mob.spawn({ identity: 'one', profile: 'worker' });
  await first.mob.shutdown();
  expect(clock.waiting).toBe(0);
  const second = await openTestMob({ storage: new SharedStorage(inner), clock });
  expect(second.mob.members()).toHaveLength(1);
  await second.mob.shutdown();
});

it('[lifecycle.lease-expired] lets another engine in when the owner has died without giving it back', async () => {
  const [inner, clock] = [await memoryStorage(), new ManualClock(1_000)];
  const storage = new SharedStorage(inner);
  await openTestMob({ storage, clock, owner: 'dead' });
  storage.sever();
  const beganMs = clock.now();
  const opened = await advanceUntil(clock, openTestMob({ storage: new SharedStorage(inner), clock }));
  expect(opened.status).toBe('fulfilled');
  expect(clock.now() - beganMs).toBeGreaterThanOrEqual(6_000);
});

it('[lifecycle.lease-expired] does not wait for an owner that nobody has heard of for a minute', async () => {
  const [inner, clock] = [await memoryStorage(), new ManualClock(1_000)];
  const storage = new SharedStorage(inner);
  await openTestMob({ storage, clock });
  storage.sever();
  clock.advance(61_000);
  const { mob } = await openTestMob({ storage: new SharedStorage(inner), clock });
  expect(await mob.status()).toBe('Running');
});

it('[lifecycle.lease-lost] steps down when it finds that another engine has taken its lease', async () => {
  const [inner, clock] = [await memoryStorage(), new ManualClock(1_000)];
  const { mob, errors } = await openTestMob({ storage: new SharedStorage(inner), clock });
  const data = { owner: 'thief', engine_id: 'x', renewal: 0, renewed_at_ms: 0 };
  await inner
    .records(leasesDefinition)
    .put('crew', { fields: { mob_id: 'crew', owner: 'thief' }, data: JSON.stringify(data) });
  clock.advance(2_000);
  await expect.poll(() => errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ error: expect.stringContaining('thief') });
  await expect(mob.spawn({ identity: 'one', profile: 'worker' })).rejects.toMatchObject({
    code: 'MOB_INVALID_TRANSITION',
  });
  await mob.shutdown();
  expect((await inner.records(leasesDefinition).get('crew'))?.data).toBe(JSON.stringify(data));
});

it('[lifecycle.lease-renewed] keeps its lease through a storage that was away, and gives it back when opening fails', async () => {
  const [inner, clock] = [await memoryStorage(), new ManualClock(1_000)];
  const storage = new SharedStorage(inner);
  const { mob } = await openTestMob({ storage, clock });
  const lease = async () => (await inner.records(leasesDefinition).get('crew'))?.version;
  const before = await lease();
  let away = true;
  const records = storage.records.bind(storage);
  storage.records = (definition) => {
    const kept = records(definition);
    const fail = () => Promise.reject(new Error('away'));
    return {
      ...kept,
      put: (...given) => (away ? fail() : kept.put(...given)),
      get: (key) => (away ? fail() : kept.get(key)),
    };
  };
  clock.advance(2_000);
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(await lease()).toBe(before);
  away = false;
  clock.advance(2_000);
  await expect.poll(() => lease()).toBeGreaterThan(before ?? 0);
  expect(await mob.status()).toBe('Running');
  await mob.shutdown();
  expect(await lease()).toBeUndefined();
  const definition = { id: 'crew', profiles: { other: { model: 'fake' } } };
  await expect(openTestMob({ storage, clock, definition })).rejects.toMatchObject({
    code: 'MOB_DEFINITION_CHANGED',
  });
  expect(await lease()).toBeUndefined();
});
