import type { NewSchedule, OccurrencePhase } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { BEGIN_MS, minutely, type SchedulerStage } from './scheduler-stage.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What becomes of an occurrence that nobody is there for, or whose turn comes too early. */
export function missedTests(stage: () => SchedulerStage): void {
  it('[schedules.overlap] skips an occurrence while the one before it is not over, unless it may overlap', async () => {
    const { clock } = stage();
    const process = await stage().process();
    const flow = { kind: 'flow', flowId: 'triage' } as const;
    await process.scheduler.create(minutely({ target: flow }));
    await process.scheduler.create(minutely({ scheduleId: 'both', target: flow, overlap: 'allow' }));
    clock.advance(MINUTE_MS);
    await stage().until(() => stage().started.length === 2);
    clock.advance(MINUTE_MS);
    await stage().until(() => stage().started.length === 3);
    await stage().until(async () => (await process.scheduler.occurrences('s')).length === 2);
    for (const runId of stage().started) stage().endRun(runId, 'completed');
    expect(await stage().phases(process, 2)).toEqual(['completed', 'skipped']);
    expect(await stage().phases(process, 2, 'both')).toEqual(['completed', 'completed']);
  });

  it.each<[name: string, misfire: NewSchedule['misfire'], phases: readonly OccurrencePhase[], due: number[]]>(
    [
      ['skip', undefined, ['misfired', 'completed'], [60]],
      ['one', { type: 'one' }, ['misfired', 'completed'], [60]],
      ['all', { type: 'all', windowMs: 2 * MINUTE_MS }, ['misfired', 'completed', 'completed'], [59, 60]],
    ],
  )(
    '[schedules.misfire] makes up for what nobody was there for by the policy %s',
    async (_, misfire, phases, due) => {
      const { clock, calls } = stage();
      const before = await stage().process();
      await before.scheduler.create(minutely({ ...(misfire && { misfire }), overlap: 'allow' }));
      await before.stop();
      clock.advance(HOUR_MS + 1_000);
      const process = await stage().process();
      expect(await stage().phases(process, phases.length)).toEqual(phases);
      expect(calls.map(({ dueAtMs }) => (dueAtMs - BEGIN_MS) / MINUTE_MS).toSorted((a, b) => a - b)).toEqual(
        due,
      );
      expect(await process.scheduler.get('s')).toMatchObject({ nextDueAtMs: BEGIN_MS + 61 * MINUTE_MS });
    },
  );

  it('[schedules.misfire] lets the last occurrence happen however late by the policy one, and none too late by skip', async () => {
    const before = await stage().process();
    const once = { type: 'once', dueAtMs: BEGIN_MS + MINUTE_MS } as const;
    await before.scheduler.create(minutely({ trigger: once }));
    await before.scheduler.create(minutely({ scheduleId: 'one', trigger: once, misfire: { type: 'one' } }));
    await before.stop();
    stage().clock.advance(24 * HOUR_MS);
    const process = await stage().process();
    expect(await stage().phases(process, 1)).toEqual(['misfired']);
    expect(await stage().phases(process, 1, 'one')).toEqual(['completed']);
    expect(await process.scheduler.occurrences('s')).toMatchObject([{ failure: { class: 'overdue' } }]);
  });

  it('[schedules.made-up-in-turn] makes up one after another for what nobody was there for, by the policy all', async () => {
    const { clock, calls } = stage();
    const before = await stage().process();
    await before.scheduler.create(minutely({ misfire: { type: 'all', windowMs: HOUR_MS } }));
    await before.stop();
    clock.advance(5 * MINUTE_MS + 31_000);
    const finish: (() => void)[] = [];
    stage().work = () => new Promise<void>((resolve) => void finish.push(resolve));
    const process = await stage().process();
    for (let turn = 1; turn <= 5; turn += 1) {
      await stage().until(() => finish.length === turn);
      // It is the only one that has begun, and none was skipped for it.
      expect(await process.scheduler.occurrences('s')).toHaveLength(turn);
      finish[turn - 1]!();
    }
    expect(await stage().phases(process, 5)).toEqual(Array.from({ length: 5 }, () => 'completed'));
    expect(calls.map(({ dueAtMs }) => (dueAtMs - BEGIN_MS) / MINUTE_MS)).toEqual([1, 2, 3, 4, 5]);
  });

  it('[schedules.made-up-in-turn] skips by the policy all, too, what is due while another one runs', async () => {
    const { clock } = stage();
    const process = await stage().process();
    const target = { kind: 'flow', flowId: 'triage' } as const;
    await process.scheduler.create(minutely({ target, misfire: { type: 'all', windowMs: HOUR_MS } }));
    clock.advance(MINUTE_MS);
    await stage().until(() => stage().started.length === 1);
    clock.advance(MINUTE_MS);
    await stage().until(async () => (await process.scheduler.occurrences('s'))[0]?.phase === 'skipped');
    stage().endRun('run-1', 'completed');
    expect(await stage().phases(process, 2)).toEqual(['completed', 'skipped']);
  });

  it('[schedules.made-up-in-turn] misfires what waits for its turn for longer than the window', async () => {
    const { clock } = stage();
    const before = await stage().process();
    await before.scheduler.create(minutely({ misfire: { type: 'all', windowMs: 2 * MINUTE_MS } }));
    await before.stop();
    clock.advance(3 * MINUTE_MS);
    let finish = () => {};
    stage().work = () => new Promise<void>((resolve) => (finish = resolve));
    const process = await stage().process();
    await stage().until(() => stage().calls.length === 1);
    clock.advance(10 * MINUTE_MS);
    stage().work = async () => {};
    finish();
    expect((await stage().phases(process, 3)).slice(0, 2)).toEqual(['completed', 'misfired']);
    expect(stage().calls.map(({ dueAtMs }) => (dueAtMs - BEGIN_MS) / MINUTE_MS)).not.toContain(2);
  });
}
