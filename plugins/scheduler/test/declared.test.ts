import { ManualClock } from '@mobkit/contract-kit';
import type { NewSchedule, Scheduler } from '@mobkit/core/ops';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { openScheduler } from '../src/open.js';
import { fakeHost } from './fake-host.js';

const DAY_MS = 86_400_000;

const target = { kind: 'function', name: 'work' } as const;
const trigger = { type: 'cron', expression: '0 9 29 2 *' } as const;
const one = (scheduleId: string, more: Partial<NewSchedule> = {}): NewSchedule => {
  return { scheduleId, target, trigger, ...more };
};

it('[schedules.declared-together] lets two processes declare the same at the same moment', async () => {
  const { storage } = await openMemoryStores();
  const startBoth = async (declared: readonly NewSchedule[]) => {
    const both = await Promise.all([1, 2].map(() => openScheduler({ storage, declared })));
    await Promise.all(both.map((scheduler) => scheduler.start(fakeHost())));
    const { schedules } = await both[0]!.list();
    for (const scheduler of both) await scheduler.stop({ deadlineMs: 0 });
    return schedules.map(({ scheduleId }) => scheduleId);
  };
  expect(await startBoth([one('a'), one('b')])).toEqual(['a', 'b']);
  expect(await startBoth([one('c')])).toEqual(['c']);
});

it('[schedules.declared-exactly] takes away what a declaration does not say any more', async () => {
  const { storage } = await openMemoryStores();
  const declare = async (schedule: NewSchedule) => {
    const scheduler = await openScheduler({ storage, declared: [schedule] });
    await scheduler.start(fakeHost());
    await scheduler.stop({ deadlineMs: 0 });
    return scheduler.get('a');
  };
  const labels = { team: 'night' };
  const first = await declare(one('a', { name: 'Sweep', description: 'Of the floor', labels }));
  expect(first).toMatchObject({ name: 'Sweep', labels });
  const second = await declare(one('a'));
  expect(second).not.toHaveProperty('name');
  expect(second).not.toHaveProperty('description');
  expect(second).toMatchObject({ revision: 2, nextDueAtMs: first!.nextDueAtMs });
  expect(second?.labels).not.toHaveProperty('team');
});

it('[schedules.retention-declared] keeps what is declared when it is over, so that it does not happen again', async () => {
  const { storage } = await openMemoryStores();
  const nowMs = Date.now();
  const once = { trigger: { type: 'once', dueAtMs: nowMs }, misfire: { type: 'one' } } as const;
  const called: string[] = [];
  const start = async (clock: ManualClock) => {
    const work = async ({ scheduleId }: { readonly scheduleId: string }) => void called.push(scheduleId);
    const options = { storage, clock, functions: { work }, declared: [one('declared', once)] };
    const scheduler = await openScheduler(options);
    await scheduler.start(fakeHost());
    return scheduler;
  };
  const first = await start(new ManualClock(nowMs));
  await first.create(one('own', once));
  await expect.poll(() => called.toSorted()).toEqual(['declared', 'own']);
  await first.stop({ deadlineMs: 1_000 });
  for (let restart = 1; restart <= 2; restart += 1) {
    const next = await start(new ManualClock(nowMs + restart * 40 * 86_400_000));
    await expect.poll(() => next.get('own')).toBeUndefined();
    expect(await next.get('declared')).toMatchObject({ phase: 'completed', occurrences: 1 });
    await next.stop({ deadlineMs: 1_000 });
  }
  expect(called).toHaveLength(2);
});

it.each<[what: string, change: (scheduler: Scheduler) => Promise<unknown>]>([
  ['deleted', (scheduler) => scheduler.delete('a')],
  ['labelled anew', (scheduler) => scheduler.update('a', { labels: { team: 'ops' } })],
])('[schedules.retention-declared] keeps what is declared also when it was %s', async (_, change) => {
  const { storage } = await openMemoryStores();
  const clock = new ManualClock(Date.now() - 50 * DAY_MS);
  const once = { trigger: { type: 'once', dueAtMs: clock.now() }, misfire: { type: 'one' } } as const;
  let called = 0;
  const start = async () => {
    const options = { storage, clock, functions: { work: async () => void (called += 1) } };
    const scheduler = await openScheduler({ ...options, declared: [one('a', once)] });
    await scheduler.start(fakeHost());
    return scheduler;
  };
  const first = await start();
  await expect.poll(async () => (await first.occurrences('a'))[0]?.phase).toBe('completed');
  await change(first);
  await first.create({ ...one('own', once), trigger: { type: 'once', dueAtMs: clock.now() } });
  await first.delete('own');
  clock.advance(40 * DAY_MS);
  await expect
    .poll(() => {
      clock.advance(3_600_000);
      return first.get('own');
    })
    .toBeUndefined();
  await first.stop({ deadlineMs: 1_000 });
  const next = await start();
  expect(await next.get('a')).toMatchObject({ phase: 'completed', occurrences: 1 });
  await next.stop({ deadlineMs: 1_000 });
  expect(called).toBe(1);
});
