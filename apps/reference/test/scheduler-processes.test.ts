import { randomUUID } from 'node:crypto';

import { FaultyStorage } from '@mobkit/contract-kit';
import type { MobHandle } from '@mobkit/core/mob';
import type { ScheduleCall, ServiceHost } from '@mobkit/core/ops';
import { openScheduler } from '@mobkit/scheduler';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

const host: ServiceHost = { mob: {} as MobHandle, tell: () => {}, onError: () => {} };

/** Processes on one Postgres, each with connections of its own, and what they call. */
function onePostgres(options: { readonly leaseMs?: number } = {}) {
  const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
  const schema = `schedules_${randomUUID().slice(0, 8)}`;
  onTestFinished(async () => {
    const client = new Client({ connectionString });
    await client.connect();
    await client.query(`drop schema if exists "${schema}" cascade`);
    await client.end();
  });
  const calls: (ScheduleCall & { readonly by: string })[] = [];
  const open = async (by: string, work: (call: ScheduleCall) => Promise<void> = async () => {}) => {
    const stores = await openPostgresStores({ connectionString, schema });
    const storage = new FaultyStorage(stores.storage);
    const functions = {
      work: async (call: ScheduleCall) => {
        calls.push({ ...call, by });
        await work(call);
      },
    };
    const scheduler = await openScheduler({ storage, functions, ...options });
    await scheduler.start(host);
    onTestFinished(async () => {
      await scheduler.stop({ deadlineMs: 0 });
      await stores.close();
    });
    return { scheduler, kill: () => storage.sever() };
  };
  return { open, calls };
}

const target = { kind: 'function', name: 'work' } as const;

it('[schedules.one-of-two] has each occurrence begun by one of two processes on one Postgres', async () => {
  const { open, calls } = onePostgres();
  const [one, other] = [await open('one'), await open('other')];
  const dueAtMs = Date.now() + 300;
  for (let at = 0; at < 40; at += 1) {
    const { scheduler } = at % 2 === 0 ? one : other;
    await scheduler.create({ scheduleId: `s${at}`, target, trigger: { type: 'once', dueAtMs } });
  }
  await expect.poll(() => calls).toHaveLength(40);
  expect(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(40);
  await expect
    .poll(async () => (await one.scheduler.list({ phase: 'completed' })).schedules)
    .toHaveLength(40);
  expect(calls).toHaveLength(40);
});

it('[schedules.crash] has another process on one Postgres take up what a process that died had begun', async () => {
  const { open, calls } = onePostgres({ leaseMs: 1_000 });
  const one = await open('one', () => new Promise(() => {}));
  await one.scheduler.create({ scheduleId: 's', target, trigger: { type: 'once', dueAtMs: Date.now() } });
  await expect.poll(() => calls).toHaveLength(1);
  const other = await open('other');
  one.kill();
  await expect.poll(() => calls).toHaveLength(2);
  expect(calls.map(({ by, attempt }) => [by, attempt])).toEqual([
    ['one', 1],
    ['other', 2],
  ]);
  expect(calls[0]?.idempotencyKey).toBe(calls[1]?.idempotencyKey);
  await expect
    .poll(() => other.scheduler.occurrences('s'))
    .toMatchObject([{ phase: 'completed', attempts: 2 }]);
});
