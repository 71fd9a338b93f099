import { describeScheduler, ManualClock } from '@mobkit/contract-kit';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { openScheduler } from '../src/open.js';
import { scheduleTables } from '../src/schedule-tables.js';
import type { SchedulerOptions } from '../src/scheduler-options.js';
import { fakeHost } from './fake-host.js';

describeScheduler({ name: 'memory', open: () => openMemoryStores(), scheduler: openScheduler });

const target = { kind: 'function', name: 'work' } as const;
const soon = () => ({ type: 'once', dueAtMs: Date.now() }) as const;

/** A scheduler that runs by the clock of this machine, and what it calls. */
async function started(given: Partial<SchedulerOptions> = {}) {
  const { storage } = given.storage ? { storage: given.storage } : await openMemoryStores();
  const called: string[] = [];
  const errors: string[] = [];
  const work = async ({ scheduleId }: { readonly scheduleId: string }) => void called.push(scheduleId);
  const scheduler = await openScheduler({ storage, functions: { work }, ...given });
  await scheduler.start(fakeHost({ onError: (error) => void errors.push(JSON.stringify(error)) }));
  return { scheduler, storage, called, errors };
}

it('[schedules.kept] keeps the newest 64 occurrences of a schedule', async () => {
  const { storage } = await openMemoryStores();
  const startAtMs = Date.now() - 66_000;
  const before = await openScheduler({ storage, clock: new ManualClock(startAtMs) });
  const trigger = { type: 'interval', startAtMs, everyMs: 1_000, endAtMs: startAtMs + 65_000 } as const;
  const misfire = { type: 'all', windowMs: 600_000 } as const;
  await before.create({ scheduleId: 's', target, trigger, misfire, overlap: 'allow' });
  const { scheduler, called } = await started({ storage });
  await expect.poll(() => called).toHaveLength(66);
  const kept = await scheduler.occurrences('s');
  expect([kept.length, kept[0]?.ordinal, kept.at(-1)?.ordinal]).toEqual([64, 66, 3]);
  expect(await scheduler.occurrences('s', { limit: 2 })).toMatchObject([{ ordinal: 66 }, { ordinal: 65 }]);
  await scheduler.stop({ deadlineMs: 0 });
});

it('[schedules.declared] makes schedules what they are declared to be, and deletes those that no longer are', async () => {
  const { storage } = await openMemoryStores();
  const trigger = { type: 'cron', expression: '0 9 29 2 *' } as const;
  const declare = async (declared: SchedulerOptions['declared']) => {
    const { scheduler } = await started({ storage, ...(declared && { declared }) });
    const { schedules } = await scheduler.list();
    await scheduler.stop({ deadlineMs: 0 });
    return schedules;
  };
  const both = [
    { scheduleId: 'a', target, trigger },
    { scheduleId: 'b', target, trigger, misfire: { type: 'one' } as const },
  ];
  const first = await declare(both);
  expect(first.map(({ scheduleId }) => scheduleId)).toEqual(['a', 'b']);
  expect(await declare(both)).toEqual(first);
  expect(await declare(undefined)).toEqual(first);
  const { scheduler } = await started({ storage });
  await scheduler.create({ scheduleId: 'own', target, trigger });
  await scheduler.stop({ deadlineMs: 0 });
  const changed = await declare([
    { scheduleId: 'b', target, trigger: { ...trigger, timezone: 'Europe/Berlin' } },
  ]);
  expect(changed).toMatchObject([
    { scheduleId: 'b', revision: 2, misfire: { type: 'skip' }, trigger: { timezone: 'Europe/Berlin' } },
    { scheduleId: 'own', revision: 1 },
  ]);
});

it('[schedules.broken] goes on with the others when one cannot be read, and tells of it', async () => {
  const { storage } = await openMemoryStores();
  const tables = scheduleTables(undefined);
  await storage.prepare(Object.values(tables));
  const records = storage.records(tables.schedules);
  await records.put('broken', { data: '{', dueAtMs: 1 });
  await storage.records(tables.occurrences).put('broken', { data: '{', dueAtMs: 1 });
  const { scheduler, called, errors } = await started({ storage });
  await scheduler.create({ scheduleId: 'sound', target, trigger: soon() });
  await expect.poll(() => called).toEqual(['sound']);
  await expect.poll(() => errors).toHaveLength(2);
  expect(errors.every((error) => error.includes('broken'))).toBe(true);
  await scheduler.stop({ deadlineMs: 0 });
});

it.each(['beta', 'Another mob, with blanks', 'a_name_of_more_than_17_characters'])(
  '[schedules.scope] keeps to the schedules of its scope in a storage that is shared: %j',
  async (scope) => {
    const { storage } = await openMemoryStores();
    const own = await started({ storage, scope: 'alpha' });
    const other = await started({ storage, scope });
    await own.scheduler.create({ scheduleId: 'same', target, trigger: soon() });
    await expect.poll(() => own.called).toEqual(['same']);
    await other.scheduler.create({ scheduleId: 'same', target, trigger: soon() });
    await expect.poll(() => other.called).toEqual(['same']);
    expect(own.called).toEqual(['same']);
    for (const { scheduler } of [own, other]) await scheduler.stop({ deadlineMs: 0 });
  },
);

it('[schedules.key-anew] has other keys and tells other events for a schedule whose name was that of a forgotten one', async () => {
  // What is due is so by the machine's clock, too.
  const clock = new ManualClock(Date.now() - 50 * 86_400_000);
  const keys: string[] = [];
  const told: string[] = [];
  const work = async ({ idempotencyKey }: { readonly idempotencyKey: string }) =>
    void keys.push(idempotencyKey);
  const { storage } = await openMemoryStores();
  for (let life = 1; life <= 2; life += 1) {
    const scheduler = await openScheduler({ storage, clock, functions: { work } });
    await scheduler.start(fakeHost({ tell: ({ eventId }) => void told.push(eventId) }));
    await expect.poll(() => scheduler.get('s')).toBeUndefined();
    const trigger = { type: 'once', dueAtMs: clock.now() } as const;
    await scheduler.create({ scheduleId: 's', target, trigger });
    await expect.poll(() => told).toHaveLength(life);
    await scheduler.stop({ deadlineMs: 1_000 });
    clock.advance(40 * 86_400_000);
  }
  expect([new Set(keys).size, new Set(told).size]).toEqual([2, 2]);
});

it('[schedules.retention-floor] takes no retention so short that a tick would fire again what it has fired', async () => {
  const { storage } = await openMemoryStores();
  await expect(openScheduler({ storage, retentionMs: 59_999 })).rejects.toThrow('retentionMs');
  await openScheduler({ storage, retentionMs: 60_000 });
});

it('[schedules.stop-in-time] stops in its time also when the clock is set back meanwhile', async () => {
  const clock = new ManualClock(Date.now());
  let called = false;
  const work = () => ((called = true), new Promise<void>(() => {}));
  const { scheduler } = await started({ clock, functions: { work } });
  await scheduler.create({ scheduleId: 'hanging', target, trigger: soon() });
  await expect.poll(() => called).toBe(true);
  let stopped = false;
  const stopping = scheduler.stop({ deadlineMs: 1_000 }).then(() => (stopped = true));
  clock.set(clock.now() - 3_600_000);
  // The deadline, and what may be released after it.
  for (const ms of [1_000, 1_000]) {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(ms);
  }
  await expect.poll(() => stopped).toBe(true);
  await stopping;
});
