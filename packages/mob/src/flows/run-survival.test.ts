import { appends, FaultyStorage, ManualClock, unavailable } from '@mobkit/contract-kit';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { ledgerOf, memoryStorage, openTestMob } from '../../test/open-test-mob.js';
import { flowEvents, openFlowMob, runToEnd, step } from '../../test/run-flow.js';
import { inputsDefinition } from '../members/input.js';
import { runsDefinition } from './run-record.js';
import { LARGEST_ANSWER } from './parse-answer.js';

const terminal = /^flow_(completed|failed|canceled)/;
const flow = { steps: { s: step('go'), after: step('x', { depends_on: ['s'] }) } };

async function pause(hops: number): Promise<void> {
  for (let hop = 0; hop < hops; hop += 1) await Promise.resolve();
}

it('[flow.crash] ends a run whose process died when the mob is opened again, once, says so, and asks nobody what it still had to', async () => {
  const kept = await memoryStorage();
  const storage = new FaultyStorage(kept);
  const gate = new Gate();
  const model = fakeModel(async (said) => (await gate.wait(), said));
  const { mob } = await openFlowMob(flow, { storage, model, workers: ['a'] });
  const definition = mob.definition;
  // Two runs: the turn of the second waits behind that of the first.
  const runs = [await mob.runFlow('f'), await mob.runFlow('f')];
  await gate.reached;
  while ((await kept.records(inputsDefinition).list({})).records.length < 2) await pause(1);
  storage.sever();

  const asked = fakeModel();
  const next = await openTestMob({ storage: kept, definition, model: asked });
  expect(next.report.warnings.filter((warning) => warning.includes('cut short'))).toHaveLength(2);
  await next.mob.whenIdle();
  expect(asked.requests).toEqual([]);
  const reason = 'the process that ran it ended before the run did';
  for (const runId of runs) {
    expect(await next.mob.flowEnd(runId)).toMatchObject({ status: 'failed', reason });
  }
  const again = await openTestMob({ storage: kept, definition });
  expect(again.report.warnings).toEqual([]);
  expect((await flowEvents(again.mob)).filter((event) => terminal.test(event))).toHaveLength(2);
});

it('[flow.shutdown] lets the turns of a run end in time, begins no other, and ends the run as failed', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said) => (await gate.wait(), said));
  const { mob } = await openFlowMob(flow, { model, workers: ['a'] });
  const runId = await mob.runFlow('f');
  await gate.reached;
  const stopped = mob.shutdown();
  gate.open();
  expect((await stopped).errors).toEqual([]);
  expect(await mob.flowRun(runId)).toMatchObject({
    status: 'failed',
    reason: 'the mob was shut down',
    outputs: { s: { a: 'go' } },
  });
  expect((await flowEvents(mob)).slice(-2)).toEqual([
    'step_completed s',
    'flow_failed (the mob was shut down)',
  ]);
});

it('[flow.shutdown] ends a run whose turn does not end in time as well', async () => {
  const model = fakeModel((_said, { signal }) => {
    void gate.wait();
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  const gate = new Gate();
  const { mob } = await openFlowMob(flow, { model, workers: ['a'] });
  const runId = await mob.runFlow('f');
  await gate.reached;
  await mob.shutdown({ deadlineMs: 0 });
  expect(await mob.flowRun(runId)).toMatchObject({ status: 'failed' });
  expect((await flowEvents(mob)).filter((event) => terminal.test(event))).toHaveLength(1);
});

it('[flow.idle] counts as work until it is over', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said) => (said === 'x' && (await gate.wait()), said));
  const { mob } = await openFlowMob(flow, { model });
  const runId = await mob.runFlow('f');
  let idle = false;
  void mob.whenIdle().then(() => (idle = true));
  await gate.reached;
  expect(idle).toBe(false);
  gate.open();
  await mob.flowEnd(runId);
  await mob.whenIdle();
});

it('[flow.outage] waits for a storage that is away, and tells everything once when it is back, whatever answers were lost', async () => {
  for (const moment of ['before', 'after'] as const) {
    for (const kind of ['flow_started', 'step_dispatched', 'step_completed', 'flow_completed']) {
      const storage = new FaultyStorage(await memoryStorage());
      const clock = new ManualClock(1_000);
      const { mob, errors } = await openFlowMob(flow, { storage, clock, workers: ['a'] });
      let failures = 0;
      const fail = (write: Parameters<typeof appends>[0]) => {
        if (!appends(write, kind) || failures >= 2) return;
        failures += 1;
        if (moment === 'after') storage.beforeRead = () => ((storage.beforeRead = () => {}), thrown());
        thrown();
      };
      if (moment === 'before') storage.beforeCommit = fail;
      else storage.afterCommit = fail;
      const over = mob.runFlow('f').then((runId) => mob.flowEnd(runId));
      for (let round = 0; round < 200; round += 1) {
        await pause(20);
        clock.advance(500);
      }
      expect(await over).toMatchObject({ status: 'completed' });
      expect(failures).toBeGreaterThan(0);
      expect(errors.map(({ category }) => category)).toContain('store_failure');
      const events = await flowEvents(mob);
      expect(events.filter((event) => event.startsWith(kind))).toHaveLength(kind.startsWith('flow') ? 1 : 2);
    }
  }
});

function thrown(): never {
  throw unavailable();
}

it('[flow.one-writer] stops when somebody else has written the run, and writes nothing over it', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said) => (await gate.wait(), said));
  const { mob, storage } = await openFlowMob(flow, { model, workers: ['a'] });
  const runId = await mob.runFlow('f');
  await gate.reached;
  const { records } = await storage.records(runsDefinition).list({});
  const [record] = records;
  const { fields, data } = record ?? { fields: {}, data: '' };
  await storage.records(runsDefinition).put(record?.key ?? '', { fields, data });
  gate.open();
  await expect(mob.flowEnd(runId)).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  expect(await mob.status()).toBe('Stopped');
  expect((await storage.records(runsDefinition).list({})).records[0]?.data).toBe(data);
});

it('[flow.bounds] keeps answers up to 262,144 characters and runs up to 2,097,152, and fails what is larger', async () => {
  const model = fakeModel((said) => 'x'.repeat(Number(said)));
  const { mob } = await openFlowMob({ steps: { s: step('{{ params }}') } }, { workers: ['a'], model });
  expect(await runToEnd(mob, LARGEST_ANSWER - 2)).toMatchObject({ status: 'completed' });
  expect(await runToEnd(mob, LARGEST_ANSWER - 1)).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('the answer has 262145 characters'),
  });
  const many = await openFlowMob(
    { steps: Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`s${at}`, step('{{ params }}')])) },
    { workers: ['a'], model },
  );
  expect(await runToEnd(many.mob, LARGEST_ANSWER - 2)).toMatchObject({
    status: 'failed',
    reason: 'the run has no room for more: 2097152 characters are kept of one',
  });
});

type Act = 'cancel' | 'expire' | 'open' | 'shutdown' | 'outage' | 'retire';
const acts = fc.array(
  fc.tuple(
    fc.constantFrom<Act>('cancel', 'cancel', 'expire', 'open', 'open', 'shutdown', 'outage', 'retire'),
    fc.nat({ max: 60 }),
  ),
  { minLength: 1, maxLength: 8 },
);

it('[flow.one-end] ends a run exactly once, in the run and in the ledger alike, whatever completes, fails and cancels it at once', async () => {
  await fc.assert(
    fc.asyncProperty(acts, fc.boolean(), fc.nat({ max: 12 }), async (steps, fails, hops) => {
      const storage = new FaultyStorage(await memoryStorage());
      storage.delay = () => pause(hops);
      const clock = new ManualClock(1_000);
      const gate = new Gate();
      const model = fakeModel(async (said, { signal }) => {
        const aborted = new Promise<never>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
        });
        aborted.catch(() => {});
        await Promise.race([gate.passed, aborted]);
        if (fails && said === 'x') throw new Error('no');
        return said;
      });
      const limits = { max_flow_duration_ms: 100, cancel_grace_timeout_ms: 50 };
      const { mob } = await openFlowMob(flow, { storage, clock, model, workers: ['a'], more: { limits } });
      const runId = await mob.runFlow('f');
      for (const [act, after] of steps) {
        await pause(after);
        if (act === 'cancel') void mob.cancelFlow(runId).catch(() => {});
        else if (act === 'expire') clock.advance(100);
        else if (act === 'open') gate.open();
        else if (act === 'retire') void mob.retire('a').catch(() => {});
        else if (act === 'shutdown') void mob.shutdown({ deadlineMs: 10 });
        else {
          let once = true;
          storage.beforeCommit = () => {
            if (once) {
              once = false;
              thrown();
            }
          };
        }
      }
      storage.beforeCommit = () => {};
      gate.open();
      let over = false;
      const end = mob.flowEnd(runId).then(
        (run) => ((over = true), run),
        () => ((over = true), undefined),
      );
      for (let round = 0; !over && round < 200; round += 1) {
        await pause(50);
        clock.advance(200);
      }
      expect(over).toBe(true);
      await end;
      const stopped = mob.shutdown({ deadlineMs: 0 });
      for (let round = 0; round < 40; round += 1) {
        await pause(20);
        clock.advance(500);
      }
      await stopped;
      const { mob: next } = await openTestMob({ storage, definition: mob.definition, clock });
      const run = await next.flowRun(runId);
      const ends = (await ledgerOf(next)).filter(({ kind }) => terminal.test(kind.type));
      expect(ends).toHaveLength(1);
      expect(ends[0]?.kind.type).toBe(`flow_${run?.status}`);
      const after = (await flowEvents(next)).slice(
        (await flowEvents(next)).findIndex((one) => terminal.test(one)) + 1,
      );
      expect(after).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

it('[flow.lifecycle] keeps a mob from being stopped while a flow runs, and ends with a mob that is completed, reset or destroyed', async () => {
  for (const end of ['stop', 'complete', 'reset', 'destroy'] as const) {
    const gate = new Gate();
    const model = fakeModel((_said, { signal }) => {
      void gate.wait();
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    const { mob } = await openFlowMob(flow, { model, workers: ['a'] });
    const runId = await mob.runFlow('f');
    await gate.reached;
    await expect(mob.stop()).rejects.toMatchObject({ code: 'MOB_RUN_ACTIVE', details: { runs: [runId] } });
    expect(await mob.status()).toBe('Running');
    const over = mob.flowEnd(runId);
    if (end === 'stop') await mob.cancelFlow(runId);
    await mob[end]();
    expect(await over).toMatchObject({ status: 'canceled' });
    // A destroyed mob keeps nothing.
    expect((await mob.flowRun(runId))?.status).toBe(end === 'destroy' ? undefined : 'canceled');
    await mob.shutdown();
  }
});
