import { ManualClock } from '@mobkit/contract-kit';
import { MobError } from '@mobkit/core';
import type {
  ModuleEventEnvelope,
  ModuleHealthTransition,
  ModuleHost,
  ScheduleClaim,
  ScheduleDefinition,
  ScheduleInjector,
} from '@mobkit/core/ops';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { openScheduler } from '../src/open.js';
import { scheduleTables } from '../src/schedule-tables.js';
import { fakeHost } from './fake-host.js';

const every = (scheduleId: string, more: Partial<ScheduleDefinition> = {}): ScheduleDefinition => ({
  scheduleId,
  interval: '*/1m',
  timezone: 'UTC',
  ...more,
});

const DAY_MS = 86_400_000;

const cron = (interval: string, timezone = 'UTC') => every('cron', { interval, timezone });

/** A scheduler that runs, and what it tells. */
async function started(given: { injector?: ScheduleInjector; modules?: Partial<ModuleHost> } = {}) {
  const { storage } = await openMemoryStores();
  const clock = new ManualClock();
  const told: ModuleEventEnvelope[] = [];
  const open = async () => {
    const scheduler = await openScheduler({ storage, clock, injector: () => given.injector });
    const host = fakeHost({ tell: (event) => void told.push(event), modules: given.modules as ModuleHost });
    await scheduler.start(host);
    return scheduler;
  };
  const scheduler = await open();
  const due = async (schedules: readonly ScheduleDefinition[], tickMs: number) =>
    (await scheduler.dispatch(schedules, tickMs)).dispatched.map(({ claimKey }) => claimKey);
  return {
    scheduler,
    open,
    due,
    clock,
    storage,
    told,
    types: () => told.map(({ event }) => event.eventType),
  };
}

it('[schedules.tick-once] claims an occurrence once, by its trimmed id, and the next one next', async () => {
  const { scheduler } = await started();
  const schedules = [every(' delivery-minute ')];
  const first = await scheduler.dispatch(schedules, 120_000);
  expect(first).toMatchObject({ tickMs: 120_000, dueCount: 1, skippedClaims: [] });
  expect(first.dispatched).toMatchObject([
    {
      claimKey: 'delivery-minute:120000',
      scheduleId: 'delivery-minute',
      dueTickMs: 120_000,
      tickMs: 120_000,
    },
  ]);
  const second = await scheduler.dispatch(schedules, 120_000);
  expect(second).toEqual({
    tickMs: 120_000,
    dueCount: 1,
    dispatched: [],
    skippedClaims: ['delivery-minute:120000'],
  });
  expect((await scheduler.dispatch(schedules, 180_000)).dispatched).toHaveLength(1);
});

it('[schedules.tick-once] has processes that share a store claim an occurrence once among them', async () => {
  const { scheduler, open } = await started();
  const other = await open();
  const ticks = Array.from({ length: 5 }, (_, at) =>
    [scheduler, other, scheduler, other].map((each) => ({ each, at })),
  );
  const reports = await Promise.all(
    ticks.flat().map(({ each, at }) => each.dispatch([every('shared')], 60_000 * (at + 1))),
  );
  const claimed = reports.flatMap(({ dispatched }) => dispatched.map(({ claimKey }) => claimKey));
  expect(new Set(claimed).size).toBe(claimed.length);
  expect(claimed).toContain('shared:300000');
});

it('[schedules.tick-never-again] never fires at or before what it fired at, however long ago that was', async () => {
  const { due, open } = await started();
  const [weekly, other] = [cron('0 0 * * 1'), every('other')];
  const monday = Date.UTC(2024, 0, 8);
  expect(await due([weekly], monday)).toEqual([`cron:${monday}`]);
  for (let day = 1; day < 7; day += 1) {
    expect(await due([other], monday + day * 86_400_000)).toHaveLength(1);
    expect(await due([weekly], monday + day * 86_400_000)).toEqual([]);
  }
  const restarted = await open();
  expect((await restarted.dispatch([weekly], monday)).skippedClaims).toEqual([`cron:${monday}`]);
  expect((await restarted.dispatch([weekly], monday - 7 * 86_400_000)).dispatched).toEqual([]);
  expect(await due([weekly], monday + 7 * 86_400_000)).toHaveLength(1);
});

it('[schedules.tick-retention] forgets a schedule that no tick has named for 30 days, and none that one has', async () => {
  const { due, clock, storage } = await started();
  const [named, forgotten, paused] = [every('named'), every('forgotten'), every('paused')];
  expect(await due([named, forgotten, paused], 60_000)).toHaveLength(3);
  for (let day = 1; day <= 31; day += 1) {
    clock.advance(DAY_MS);
    // It has had what is due then, so that nothing is to be claimed.
    expect(await due([named, { ...paused, enabled: false }], 60_000)).toEqual([]);
  }
  const known = async () => (await storage.records(scheduleTables(undefined).ticks).list({})).records;
  await expect.poll(async () => (await known()).map(({ key }) => key)).toEqual(['named', 'paused']);
  expect(await due([forgotten], 60_000)).toEqual(['forgotten:60000']);
  expect(await due([named], 60_000)).toEqual([]);
});

it('[schedules.tick-before] notes that a tick has named a schedule that an earlier version kept without it', async () => {
  const { due, clock, storage } = await started();
  const ticks = storage.records(scheduleTables(undefined).ticks);
  const firedUntilMs = 60_000;
  const kept = { fields: { fired_until_ms: firedUntilMs }, data: JSON.stringify({ firedUntilMs }) };
  await ticks.put('before', kept);
  expect(await due([every('before')], 60_000)).toEqual([]);
  clock.advance(31 * DAY_MS);
  await expect.poll(() => ticks.get('before')).toBeUndefined();
});

it('[schedules.tick-baseline] counts what was due long before a schedule was seen as had', async () => {
  const { due } = await started();
  const leapDay = cron('0 0 29 2 *');
  expect(await due([leapDay], Date.UTC(2025, 5, 1))).toEqual([]);
  expect(await due([leapDay], Date.UTC(2028, 1, 28))).toEqual([]);
  expect(await due([leapDay], Date.UTC(2028, 1, 29))).toEqual([`cron:${Date.UTC(2028, 1, 29)}`]);
  const daily = cron('*/1d', 'America/Los_Angeles');
  const fresh = { ...daily, scheduleId: 'fresh' };
  const midnight = Date.UTC(2024, 2, 10, 8);
  expect(await due([fresh], midnight + 30_000)).toEqual([`fresh:${midnight}`]);
  expect(await due([{ ...daily, scheduleId: 'late' }], midnight + 30_001)).toEqual([]);
});

it('[schedules.tick-late] fires the last one due when ticks come late, once, at its exact time', async () => {
  const { due } = await started();
  const jittered = [every('coarse-jitter', { jitterMs: 10_000 })];
  expect(await due(jittered, 69_702)).toEqual(['coarse-jitter:69202']);
  expect(await due(jittered, 70_202)).toEqual([]);
  expect(await due(jittered, 300_000)).toEqual(['coarse-jitter:249202']);
});

it('[schedules.tick-late] passes over what was claimed in silence for a schedule that catches up', async () => {
  const { scheduler, due } = await started();
  const catching = [every('catching', { catchUp: true })];
  expect(await due(catching, 120_000)).toHaveLength(1);
  for (const tick of [120_000, 121_000]) {
    expect(await scheduler.dispatch(catching, tick)).toMatchObject({ dueCount: 0, skippedClaims: [] });
  }
  expect(await due(catching, 181_000)).toEqual(['catching:180000']);
});

it('[schedules.tick-injection] asks what to tell a member, and tells that it was asked', async () => {
  const asked: ScheduleClaim[] = [];
  const injector: ScheduleInjector = {
    injectionFor: async (claim) => {
      asked.push(claim);
      return claim.scheduleId === 'silent'
        ? undefined
        : { memberId: 'lead', message: `due:${claim.scheduleId}` };
    },
  };
  const { scheduler, told, types } = await started({ injector });
  const { dispatched } = await scheduler.dispatch([every('loud'), every('silent')], 60_000);
  expect(asked.map(({ claimKey }) => claimKey)).toEqual(['loud:60000', 'silent:60000']);
  expect(dispatched.map(({ runtimeInjection }) => runtimeInjection)).toEqual([
    {
      memberId: 'lead',
      message: 'due:loud',
      injectionEventId: expect.stringMatching(/^evt-runtime-injection-60000-/) as string,
    },
    undefined,
  ]);
  expect(types()).toEqual(['dispatch', 'injection.dispatch', 'dispatch']);
  expect(told[0]).toMatchObject({
    eventId: dispatched[0]?.eventId,
    timestampMs: 60_000,
    event: { module: 'scheduling', payload: { claim_key: 'loud:60000', supervisor_signal: null } },
  });
  const { injectionEventId } = dispatched[0]?.runtimeInjection ?? {};
  expect(told[1]).toMatchObject({
    eventId: injectionEventId,
    event: { module: 'runtime', payload: { schedule_id: 'loud', member_id: 'lead', message: 'due:loud' } },
  });
});

it('[schedules.tick-injection-failed] reports why there is no message, and the claim stands', async () => {
  const failure = new MobError(
    'MOB_MODULE_CALL_FAILED',
    'Tool scheduling.dispatch of module "scheduling" failed: no',
  );
  const injector = { injectionFor: () => Promise.reject(failure) };
  const { scheduler, told } = await started({ injector });
  const { dispatched } = await scheduler.dispatch([every('a'), every('b')], 60_000);
  const error = `MOB_MODULE_CALL_FAILED: ${failure.message}`;
  expect(dispatched.map(({ runtimeInjectionError }) => runtimeInjectionError)).toEqual([error, error]);
  const payload = { schedule_id: 'a', claim_key: 'a:60000', error };
  expect(told[1]).toMatchObject({
    event: { module: 'runtime', eventType: 'runtime.injection.failed', payload },
  });
  expect((await scheduler.dispatch([every('a')], 60_000)).dispatched).toEqual([]);
});

it('[schedules.tick-restarted] says once a tick that the module was restarted, and how it is with every dispatch', async () => {
  const transitions: ModuleHealthTransition[] = [
    { moduleId: 'scheduling', to: 'Starting', attempt: 1 },
    { moduleId: 'scheduling', from: 'Failed', to: 'Restarting', attempt: 1 },
    { moduleId: 'scheduling', from: 'Restarting', to: 'Healthy', attempt: 2 },
    { moduleId: 'other', to: 'Starting', attempt: 9 },
  ];
  const { scheduler, told, types } = await started({ modules: { healthTransitions: () => transitions } });
  const { dispatched } = await scheduler.dispatch([every('a'), every('b')], 60_000);
  const signal = { moduleId: 'scheduling', latestState: 'Healthy', latestAttempt: 2, restartObserved: true };
  expect(dispatched.map(({ supervisorSignal }) => supervisorSignal)).toEqual([signal, signal]);
  expect(types()).toEqual(['supervisor.restart', 'dispatch', 'dispatch']);
  const wire = {
    module_id: 'scheduling',
    latest_state: 'Healthy',
    latest_attempt: 2,
    restart_observed: true,
  };
  expect(told[0]?.event.payload).toEqual(wire);
  expect(told[1]?.event.payload).toMatchObject({ supervisor_signal: wire });
  transitions.splice(1, 2);
  await scheduler.dispatch([every('a')], 120_000);
  expect(types().slice(3)).toEqual(['dispatch']);
});

it('[schedules.tick-refused] claims nothing when one schedule is none, and nothing after it was stopped', async () => {
  const { scheduler, due } = await started();
  await expect(scheduler.dispatch([every('a'), every('b', { interval: 'x' })], 60_000)).rejects.toMatchObject(
    {
      code: 'MOB_SCHEDULE_INVALID',
      details: { reason: 'invalid_interval', scheduleId: 'b' },
    },
  );
  expect(await due([every('a')], 60_000)).toHaveLength(1);
  await scheduler.stop({ deadlineMs: 0 });
  await expect(scheduler.dispatch([every('a')], 120_000)).rejects.toMatchObject({
    code: 'MOB_SHUTTING_DOWN',
  });
});
