import { expect, it } from 'vitest';

import { BEGIN_MS, LEASE_MS, minutely, type SchedulerStage } from './scheduler-stage.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What one process leaves to the others. */
export function processTests(stage: () => SchedulerStage): void {
  it('[schedules.crash] begins again what a process that died had begun, under its key, however late', async () => {
    const { clock, calls } = stage();
    const process = await stage().process();
    stage().work = () => new Promise(() => {});
    await process.scheduler.create(minutely({ trigger: { type: 'once', dueAtMs: BEGIN_MS + MINUTE_MS } }));
    clock.advance(MINUTE_MS);
    await stage().until(() => calls.length === 1);
    process.kill();
    clock.advance(HOUR_MS);
    stage().work = async () => {};
    const next = await stage().process();
    expect(await stage().phases(next, 1)).toEqual(['completed']);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(calls[0]?.idempotencyKey).toBe(calls[1]?.idempotencyKey);
    const [done] = await next.scheduler.occurrences('s');
    expect(done?.receipts.map(({ stage: of }) => of)).toContain('lease_expired');
  });

  it('[schedules.crash] waits for the run of a flow that a process before had begun, and begins none anew', async () => {
    const process = await stage().process();
    const trigger = { type: 'once', dueAtMs: BEGIN_MS + MINUTE_MS } as const;
    await process.scheduler.create(minutely({ trigger, target: { kind: 'flow', flowId: 'triage' } }));
    stage().clock.advance(MINUTE_MS);
    await stage().until(async () => (await process.scheduler.occurrences('s'))[0]?.runId === 'run-1');
    process.kill();
    stage().clock.advance(LEASE_MS);
    const next = await stage().process();
    stage().endRun('run-1', 'completed');
    expect(await stage().phases(next, 1)).toEqual(['completed']);
    expect(stage().started).toEqual(['run-1']);
  });

  it('[schedules.crash-often] gives up an occurrence that was begun five times and never ended', async () => {
    const { clock, calls } = stage();
    stage().work = () => new Promise(() => {});
    const trigger = { type: 'once', dueAtMs: BEGIN_MS + MINUTE_MS } as const;
    const first = await stage().process();
    await first.scheduler.create(minutely({ trigger }));
    first.kill();
    clock.advance(MINUTE_MS);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const process = await stage().process();
      await stage().until(() => calls.length === attempt);
      process.kill();
      clock.advance(LEASE_MS);
    }
    const last = await stage().process();
    expect(await stage().phases(last, 1)).toEqual(['delivery_failed']);
    expect(await last.scheduler.occurrences('s')).toMatchObject([{ failure: { class: 'lease_lost' } }]);
    expect(calls).toHaveLength(5);
  });

  it('[schedules.alive] keeps what a process that lives has begun, however long it takes', async () => {
    const { clock, calls } = stage();
    const process = await stage().process();
    let finish = () => {};
    stage().work = () => new Promise<void>((resolve) => (finish = resolve));
    await process.scheduler.create(minutely({ trigger: { type: 'once', dueAtMs: BEGIN_MS + MINUTE_MS } }));
    clock.advance(MINUTE_MS);
    await stage().until(() => calls.length === 1);
    const other = stage().storage.supports.processes === 'many' ? await stage().process() : process;
    for (let passed = 0; passed < 3 * LEASE_MS; passed += LEASE_MS / 3) {
      const { written } = stage().storage;
      clock.advance(LEASE_MS / 3);
      // Kept for longer before time goes on: a store takes a while, and this clock does not.
      await stage().until(() => stage().storage.written > written);
    }
    finish();
    expect(await stage().phases(other, 1)).toEqual(['completed']);
    expect(calls).toHaveLength(1);
  });

  it('[schedules.one-of-two] has each occurrence begun by one of two processes', async () => {
    const { clock, calls } = stage();
    const one = await stage().process();
    const other = await stage().process();
    for (let at = 0; at < 10; at += 1) {
      const process = at % 2 === 0 ? one : other;
      await process.scheduler.create(minutely({ scheduleId: `s${at}` }));
    }
    for (let minute = 1; minute <= 4; minute += 1) {
      clock.advance(MINUTE_MS);
      await stage().until(() => calls.length >= 10 * minute);
      // Each is over before its next is due, which would be skipped else.
      for (let at = 0; at < 10; at += 1) await stage().phases(one, minute, `s${at}`);
    }
    for (let at = 0; at < 10; at += 1) {
      expect(await stage().phases(one, 4, `s${at}`)).toEqual(Array.from({ length: 4 }, () => 'completed'));
    }
    expect(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(40);
    expect(calls).toHaveLength(40);
  });

  it('[schedules.stop] lets go of what it has begun when it stops, for the next process to take up at once', async () => {
    const { clock, calls } = stage();
    const process = await stage().process();
    stage().work = () => new Promise(() => {});
    await process.scheduler.create(minutely({ trigger: { type: 'once', dueAtMs: BEGIN_MS + MINUTE_MS } }));
    clock.advance(MINUTE_MS);
    await stage().until(() => calls.length === 1);
    const stopping = process.stop();
    await stage().until(() => calls[0]?.signal.aborted === true || (clock.advance(1), false));
    await stopping;
    await expect(process.scheduler.create(minutely({ scheduleId: 'late' }))).rejects.toMatchObject({
      code: 'MOB_SHUTTING_DOWN',
    });
    stage().work = async () => {};
    const next = await stage().process();
    expect(await stage().phases(next, 1)).toEqual(['completed']);
    expect(calls).toHaveLength(2);
    expect((await next.scheduler.occurrences('s'))[0]?.receipts.map(({ stage: of }) => of)).toEqual([
      'dispatching',
      'released',
      'dispatching',
      'completed',
    ]);
  });
}
