import { MobError } from '@mobkit/core';
import type { ScheduleTarget } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { BEGIN_MS, minutely, type SchedulerStage } from './scheduler-stage.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Waiting while it sleeps: for what is due, for what is to be taken up, for what may be forgotten. */
const TIMERS = 3;

export function firingTests(stage: () => SchedulerStage): void {
  it('[schedules.fires] fires each occurrence when it is due, once, and keeps what became of it', async () => {
    const { clock, calls } = stage();
    const process = await stage().process();
    const { scheduler } = process;
    const { nextDueAtMs } = await scheduler.create(minutely());
    expect(nextDueAtMs).toBe(BEGIN_MS + MINUTE_MS);
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(MINUTE_MS);
      expect(await stage().phases(process, minute)).toHaveLength(minute);
    }
    expect(calls.map(({ dueAtMs }) => dueAtMs - BEGIN_MS)).toEqual([1, 2, 3].map((each) => each * MINUTE_MS));
    expect(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
    const [newest] = await scheduler.occurrences('s');
    expect(newest).toMatchObject({ ordinal: 3, phase: 'completed', attempts: 1, scheduleRevision: 1 });
    expect(newest?.receipts.map(({ stage: of }) => of)).toEqual(['dispatching', 'completed']);
    expect(newest).not.toHaveProperty('claimedBy');
    expect(await scheduler.get('s')).toMatchObject({
      occurrences: 3,
      revision: 1,
      lastDueAtMs: BEGIN_MS + 3 * MINUTE_MS,
      nextDueAtMs: BEGIN_MS + 4 * MINUTE_MS,
    });
  });

  it('[schedules.triggers] fires once, in an interval that ends, and by the clock of a time zone', async () => {
    const { clock, calls } = stage();
    const { scheduler } = await stage().process();
    const once = { type: 'once', dueAtMs: BEGIN_MS + 30_000 } as const;
    await scheduler.create(minutely({ scheduleId: 'once', trigger: once }));
    const endAtMs = BEGIN_MS + 5_000;
    const twice = { type: 'interval', startAtMs: BEGIN_MS, everyMs: 5_000, endAtMs } as const;
    await scheduler.create(minutely({ scheduleId: 'twice', trigger: twice, overlap: 'allow' }));
    // 13:30 in Berlin is 12:30 UTC.
    const cron = { type: 'cron', expression: '30 13 * * 1', timezone: 'Europe/Berlin' } as const;
    await scheduler.create(minutely({ scheduleId: 'cron', trigger: cron }));
    const moves: [byMs: number, count: number][] = [
      [0, 1],
      [5_000, 2],
      [25_000, 3],
      [HOUR_MS / 2, 4],
    ];
    for (const [byMs, count] of moves) {
      clock.advance(byMs);
      await stage().until(() => calls.length === count);
    }
    const fired = calls.map(({ scheduleId, dueAtMs }) => [scheduleId, dueAtMs - BEGIN_MS]);
    expect(fired).toEqual([
      ['twice', 0],
      ['twice', 5_000],
      ['once', 30_000],
      ['cron', HOUR_MS / 2],
    ]);
    const { schedules } = await scheduler.list();
    expect(schedules.map(({ scheduleId, phase }) => [scheduleId, phase])).toEqual([
      ['cron', 'active'],
      ['once', 'completed'],
      ['twice', 'completed'],
    ]);
  });

  it.each<[target: ScheduleTarget, sent: unknown]>([
    [
      { kind: 'member', memberId: 'lead', message: 'Wake up' },
      { identity: 'lead', message: 'Wake up' },
    ],
    [
      { kind: 'module', moduleId: 'tools', method: 'sweep', params: { deep: true } },
      { identity: 'tools.sweep', message: { deep: true } },
    ],
  ])('[schedules.targets] asks %j', async (target, sent) => {
    const process = await stage().process();
    await process.scheduler.create(minutely({ target }));
    stage().clock.advance(MINUTE_MS);
    expect(await stage().phases(process, 1)).toEqual(['completed']);
    expect(stage().sent).toMatchObject([sent]);
    const [done] = await process.scheduler.occurrences('s');
    const key = target.kind === 'member' ? done?.idempotencyKey : undefined;
    expect(stage().sent[0]?.interactionId).toBe(key);
  });

  it('[schedules.flow] is not over before the run of its flow is, and fails with it', async () => {
    const process = await stage().process();
    await process.scheduler.create(
      minutely({ target: { kind: 'flow', flowId: 'triage' }, overlap: 'allow' }),
    );
    for (const status of ['completed', 'failed'] as const) {
      stage().clock.advance(MINUTE_MS);
      const runId = `run-${status === 'completed' ? 1 : 2}`;
      await stage().until(async () => (await process.scheduler.occurrences('s'))[0]?.runId === runId);
      expect((await process.scheduler.occurrences('s'))[0]?.phase).toBe('awaiting_completion');
      stage().endRun(runId, status);
    }
    expect(await stage().phases(process, 2)).toEqual(['completed', 'delivery_failed']);
  });

  it.each<[target: ScheduleTarget]>([
    [{ kind: 'member', memberId: 'nobody', message: 'Wake up' }],
    [{ kind: 'flow', flowId: 'none' }],
    [{ kind: 'module', moduleId: 'none', method: 'sweep' }],
    [{ kind: 'function', name: 'none' }],
  ])('[schedules.missing-target] misfires, or skips where it is told to, with %j', async (target) => {
    const process = await stage().process();
    await process.scheduler.create(minutely({ target }));
    await process.scheduler.create(minutely({ scheduleId: 'easy', target, missingTarget: 'skip' }));
    stage().clock.advance(MINUTE_MS);
    expect(await stage().phases(process, 1)).toEqual(['misfired']);
    expect(await stage().phases(process, 1, 'easy')).toEqual(['skipped']);
    expect(await process.scheduler.occurrences('s')).toMatchObject([
      { failure: { class: 'target_missing' } },
    ]);
  });

  it('[schedules.retry] tries a failure that may pass again under the same key, and no other', async () => {
    const { clock, calls } = stage();
    const process = await stage().process();
    stage().work = async ({ attempt, scheduleId }) => {
      if (attempt < 3) throw new MobError('acme/busy', 'Not now', { retryable: scheduleId === 's' });
    };
    await process.scheduler.create(minutely());
    await process.scheduler.create(minutely({ scheduleId: 'final' }));
    clock.advance(MINUTE_MS);
    expect(await stage().phases(process, 1, 'final')).toEqual(['delivery_failed']);
    for (let attempt = 1; attempt < 3; attempt += 1) {
      await stage().until(async () => {
        const [found] = await process.scheduler.occurrences('s');
        return found?.phase === 'retrying' && found.attempts === attempt;
      });
      clock.advance(2_000);
    }
    expect(await stage().phases(process, 1)).toEqual(['completed']);
    const tries = calls.filter(({ scheduleId }) => scheduleId === 's');
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(tries.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it('[schedules.events] tells what became of every occurrence', async () => {
    const process = await stage().process();
    await process.scheduler.create(
      minutely({ target: { kind: 'member', memberId: 'nobody', message: 'Hello' } }),
    );
    stage().clock.advance(MINUTE_MS);
    await stage().until(() => stage().told.length === 1);
    expect(stage().told[0]).toMatchObject({
      timestampMs: BEGIN_MS + MINUTE_MS,
      event: {
        module: 'scheduling',
        eventType: 'occurrence.misfired',
        payload: { schedule_id: 's', ordinal: 1, attempts: 1, failure: { class: 'target_missing' } },
      },
    });
  });

  it('[schedules.sleeps] asks the store nothing between two occurrences, but once a minute', async () => {
    const process = await stage().process();
    for (let at = 0; at < 20; at += 1) {
      const trigger = { type: 'once', dueAtMs: BEGIN_MS + HOUR_MS } as const;
      await process.scheduler.create(minutely({ scheduleId: `s${at}`, trigger }));
    }
    const settled = () => stage().until(() => stage().clock.waiting === TIMERS);
    await settled();
    const before = stage().storage.claims;
    for (let minute = 1; minute <= 10; minute += 1) {
      stage().clock.advance(MINUTE_MS);
      await stage().until(() => stage().storage.claims === before + 2 * minute);
      await settled();
    }
    expect(stage().clock.nextDueMs).toBe(MINUTE_MS);
  });

  it('[schedules.clock-back] fires nothing again when the clock was set back', async () => {
    const process = await stage().process();
    await process.scheduler.create(minutely({ overlap: 'allow' }));
    stage().clock.advance(MINUTE_MS);
    expect(await stage().phases(process, 1)).toEqual(['completed']);
    await stage().until(() => stage().clock.waiting === TIMERS);
    stage().clock.set(BEGIN_MS);
    for (let minute = 0; minute < 3; minute += 1) {
      await stage().until(() => stage().clock.waiting === TIMERS);
      stage().clock.advance(MINUTE_MS);
    }
    await stage().until(() => stage().calls.length === 3);
    const due = stage().calls.map(({ dueAtMs }) => (dueAtMs - BEGIN_MS) / MINUTE_MS);
    expect(due).toEqual([1, 2, 3]);
  });
}
