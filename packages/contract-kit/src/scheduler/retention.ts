import { expect, it } from 'vitest';

import { BEGIN_MS, minutely, RETENTION_MS, type SchedulerStage } from './scheduler-stage.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function retentionTests(stage: () => SchedulerStage): void {
  it('[schedules.retention] forgets a schedule that has been over for long enough, with what it did', async () => {
    const { clock } = stage();
    const process = await stage().process();
    const { scheduler } = process;
    const trigger = { type: 'once', dueAtMs: BEGIN_MS + MINUTE_MS } as const;
    await scheduler.create(minutely({ trigger }));
    await scheduler.create(minutely({ scheduleId: 'deleted' }));
    await scheduler.create(minutely({ scheduleId: 'paused' }));
    await scheduler.create(
      minutely({ scheduleId: 'long', trigger, target: { kind: 'flow', flowId: 'triage' } }),
    );
    await scheduler.pause('paused');
    await scheduler.delete('deleted');
    clock.advance(MINUTE_MS);
    expect(await stage().phases(process, 1)).toEqual(['completed']);
    await stage().until(async () => (await scheduler.occurrences('long'))[0]?.runId === 'run-1');
    await process.stop();
    clock.advance(RETENTION_MS - MINUTE_MS / 2);
    const early = await stage().process();
    const goneIn = async ({ scheduler: of }: typeof process, scheduleId: string) =>
      (await of.get(scheduleId)) === undefined;
    await stage().until(() => goneIn(early, 'deleted'));
    await early.stop();
    // What it did was later than that.
    expect(await scheduler.get('s')).toMatchObject({ phase: 'completed' });
    clock.advance(MINUTE_MS);
    const late = await stage().process();
    await stage().until(() => goneIn(late, 's'));
    const next = late.scheduler;
    expect(await next.occurrences('s')).toEqual([]);
    expect(await next.get('paused')).toMatchObject({ phase: 'paused' });
    // It is over, and what it began is not.
    expect(await next.get('long')).toMatchObject({ phase: 'completed' });
    expect(await next.create(minutely())).toMatchObject({ revision: 1, occurrences: 0 });
  });

  it('[schedules.retention] looks for what it may forget once an hour', async () => {
    const { clock } = stage();
    const { scheduler } = await stage().process();
    await scheduler.create(minutely());
    await scheduler.delete('s');
    clock.advance(RETENTION_MS);
    await stage().until(async () => {
      if ((await scheduler.get('s')) === undefined) return true;
      clock.advance(HOUR_MS);
      return false;
    });
    expect(await scheduler.occurrences('s')).toEqual([]);
  });
}
