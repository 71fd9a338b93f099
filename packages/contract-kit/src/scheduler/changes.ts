import type { NewSchedule } from '@mobkit/core/ops';
import { MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { BEGIN_MS, minutely, type SchedulerStage } from './scheduler-stage.js';

const MINUTE_MS = 60_000;

export function changeTests(stage: () => SchedulerStage): void {
  it('[schedules.revisions] raises the revision with every change, and changes only the one that is expected', async () => {
    const { scheduler } = await stage().process();
    const made = await scheduler.create(minutely({ name: 'Sweep', labels: { team: 'a' } }));
    expect(made).toMatchObject({
      revision: 1,
      phase: 'active',
      misfire: { type: 'skip' },
      overlap: 'skip_if_running',
      missingTarget: 'mark_misfired',
      createdAtMs: BEGIN_MS,
    });
    expect(await scheduler.get('s')).toEqual(made);
    const changed = await scheduler.update('s', { name: 'Scrub' }, { expectedRevision: 1 });
    expect(changed).toMatchObject({
      revision: 2,
      name: 'Scrub',
      labels: { team: 'a' },
      nextDueAtMs: made.nextDueAtMs,
    });
    expect(await scheduler.update('s', { name: 'Scrub' })).toEqual(changed);
    await expect(scheduler.update('s', { name: 'Mop' }, { expectedRevision: 1 })).rejects.toMatchObject({
      code: 'MOB_CONFLICT',
      details: { scheduleId: 's', revision: 2 },
    });
    await expect(scheduler.create(minutely())).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    for (const change of ['pause', 'resume', 'delete'] as const) {
      await expect(scheduler[change]('none')).rejects.toMatchObject({ code: 'MOB_SCHEDULE_NOT_FOUND' });
    }
    expect(await scheduler.get('none')).toBeUndefined();
  });

  it('[schedules.pause] is due for nothing while it is paused, and for nothing of that time afterwards', async () => {
    const { clock, calls } = stage();
    const process = await stage().process();
    await process.scheduler.create(minutely({ misfire: { type: 'one' } }));
    const paused = await process.scheduler.pause('s');
    expect(paused).toMatchObject({ phase: 'paused', revision: 2 });
    expect(paused).not.toHaveProperty('nextDueAtMs');
    clock.advance(10.5 * MINUTE_MS);
    const resumed = await process.scheduler.resume('s');
    expect(resumed).toMatchObject({ phase: 'active', revision: 3, nextDueAtMs: BEGIN_MS + 11 * MINUTE_MS });
    clock.advance(MINUTE_MS);
    expect(await stage().phases(process, 1)).toEqual(['completed']);
    expect(calls.map(({ dueAtMs }) => dueAtMs)).toEqual([BEGIN_MS + 11 * MINUTE_MS]);
  });

  it('[schedules.update] is due by its new trigger from now on, at once where that is earlier', async () => {
    const { clock, calls } = stage();
    const process = await stage().process();
    await process.scheduler.create(
      minutely({ trigger: { type: 'once', dueAtMs: BEGIN_MS + 60 * MINUTE_MS } }),
    );
    const trigger = { type: 'once', dueAtMs: BEGIN_MS + 1_000 } as const;
    expect(await process.scheduler.update('s', { trigger })).toMatchObject({ nextDueAtMs: BEGIN_MS + 1_000 });
    clock.advance(1_000);
    await stage().until(() => calls.length === 1);
    clock.advance(120 * MINUTE_MS);
    expect(await stage().phases(process, 1)).toEqual(['completed']);
    expect(await process.scheduler.get('s')).toMatchObject({ phase: 'completed' });
    // What it was due at before it never is again.
    const again = await process.scheduler.update('s', {
      trigger: { type: 'interval', startAtMs: BEGIN_MS, everyMs: 1_000 },
    });
    expect(again.nextDueAtMs).toBeGreaterThanOrEqual(clock.now());
  });

  it('[schedules.superseded] does not try again what belongs to an earlier revision', async () => {
    const process = await stage().process();
    stage().work = () => Promise.reject(new MobError('acme/busy', 'Not now', { retryable: true }));
    await process.scheduler.create(minutely({ trigger: { type: 'once', dueAtMs: BEGIN_MS + 1_000 } }));
    stage().clock.advance(1_000);
    await stage().until(async () => (await process.scheduler.occurrences('s'))[0]?.phase === 'retrying');
    await process.scheduler.update('s', { name: 'Other' });
    stage().clock.advance(10_000);
    expect(await stage().phases(process, 1)).toEqual(['superseded']);
    expect(stage().calls).toHaveLength(1);
  });

  it('[schedules.delete] ends a schedule, keeps what it did, and lets its id be taken again', async () => {
    const process = await stage().process();
    const { scheduler } = process;
    await scheduler.create(minutely());
    stage().clock.advance(MINUTE_MS);
    await stage().phases(process, 1);
    expect(await scheduler.delete('s')).toMatchObject({
      phase: 'deleted',
      deletedAtMs: BEGIN_MS + MINUTE_MS,
    });
    stage().clock.advance(10 * MINUTE_MS);
    await expect(scheduler.resume('s')).rejects.toMatchObject({ code: 'MOB_SCHEDULE_NOT_FOUND' });
    expect((await scheduler.list()).schedules).toEqual([]);
    expect((await scheduler.list({ phase: 'deleted' })).schedules).toHaveLength(1);
    expect(await scheduler.occurrences('s')).toHaveLength(1);
    const again = await scheduler.create(minutely());
    expect(again).toMatchObject({ phase: 'active', revision: 3, occurrences: 1 });
    expect(again.nextDueAtMs).toBe(BEGIN_MS + 11 * MINUTE_MS);
    expect(again).not.toHaveProperty('deletedAtMs');
    expect(stage().calls).toHaveLength(1);
  });

  it('[schedules.list] lists by id, page by page', async () => {
    const { scheduler } = await stage().process();
    for (const scheduleId of ['c', 'a', 'b']) await scheduler.create(minutely({ scheduleId }));
    const ids = async (query: Parameters<typeof scheduler.list>[0]) => {
      const { schedules, more } = await scheduler.list(query);
      return [schedules.map(({ scheduleId }) => scheduleId).join(''), more];
    };
    expect(await ids({ limit: 2 })).toEqual(['ab', true]);
    expect(await ids({ limit: 2, afterScheduleId: 'b' })).toEqual(['c', false]);
    await scheduler.pause('b');
    expect(await ids({ phase: 'paused' })).toEqual(['b', false]);
  });

  const wrong: Record<string, (given: NewSchedule) => object> = {
    schedule_id: () => ({ scheduleId: ' ' }),
    name: () => ({ name: '' }),
    description: () => ({ description: 7 }),
    labels: () => ({ labels: { team: 1 } }),
    trigger: () => ({ trigger: { type: 'interval', startAtMs: 10, everyMs: 1_000, endAtMs: 5 } }),
    'trigger.type': () => ({ trigger: { type: 'often' } }),
    'trigger.due_at_ms': () => ({ trigger: { type: 'once', dueAtMs: -1 } }),
    'trigger.every_ms': () => ({ trigger: { type: 'interval', startAtMs: 0, everyMs: 999 } }),
    interval: () => ({ trigger: { type: 'cron', expression: '0 0 31 2 *' } }),
    timezone: () => ({ trigger: { type: 'cron', expression: '* * * * *', timezone: 'Mars/Phobos' } }),
    jitter_ms: () => ({ trigger: { type: 'cron', expression: '* * * * *', jitterMs: -1 } }),
    'target.kind': () => ({ target: { kind: 'wish' } }),
    'target.member_id': () => ({ target: { kind: 'member', memberId: '', message: 'Hello' } }),
    'target.message': () => ({ target: { kind: 'member', memberId: 'lead', message: ' ' } }),
    'target.flow_id': () => ({ target: { kind: 'flow', flowId: '' } }),
    'target.name': () => ({ target: { kind: 'function', name: '' } }),
    'misfire.type': () => ({ misfire: { type: 'hope' } }),
    'misfire.window_ms': () => ({ misfire: { type: 'all', windowMs: 0.5 } }),
    overlap: () => ({ overlap: 'maybe' }),
    missing_target: () => ({ missingTarget: 'ask' }),
  };

  it('[schedules.invalid] refuses what is no schedule, naming the field, and keeps nothing', async () => {
    const { scheduler } = await stage().process();
    for (const [field, breaking] of Object.entries(wrong)) {
      const given = { ...minutely(), ...breaking(minutely()) } as NewSchedule;
      await expect(scheduler.create(given)).rejects.toMatchObject({
        code: 'MOB_SCHEDULE_INVALID',
        details: { field },
      });
    }
    expect(await scheduler.list()).toEqual({ schedules: [], more: false });
  });
}
