import { setImmediate as turn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { takeAll } from '../test/support/read-stream.js';
import { startRuntime } from '../test/support/start-runtime.js';
import type { ShutdownReport } from './unified-runtime.js';

it('[runtime.shutdown-order] lets agents end first, then stores what they did, then ends the streams', async () => {
  const { runtime, mob, clock, sink, eventLog } = await startRuntime();
  await runtime.sendMessage('worker-1', 'hang');
  const stream = takeAll(runtime.agentEvents({}));
  const flushed = sink.flushes.length;
  const ending = runtime.shutdown();
  expect(mob.calls).toEqual(['start', 'shutdown 30000']);
  expect(sink.flushes.length).toBe(flushed);
  clock.advance(30_000);
  const report = await ending;
  expect(report).toEqual({
    drain: { drainedCount: 1, timedOut: true, drainDurationMs: 30_000 },
    moduleShutdown: { terminatedModules: [], orphanProcesses: 0 },
    mobStop: 'ok',
    mob: { interrupted: ['worker-1'], errors: [] },
    ingest: expect.objectContaining({ accepted: 2, persisted: 2, buffered: 0 }) as unknown,
    errors: [],
  });
  expect(sink.flushes.at(-1)).toEqual({ deadlineMs: 5_000, retryNow: true });
  expect(await stream).toEqual(['1.2']);
  expect((await eventLog.query({})).events.map(({ event }) => event.eventType)).toEqual([
    'run_started',
    'run_failed',
  ]);
  expect(clock.waiting).toBe(0);
});

it('gives every caller the same report', async () => {
  const { runtime, mob } = await startRuntime();
  const [one, other] = await Promise.all([runtime.shutdown(), runtime.shutdown()]);
  expect(one).toBe(other);
  expect(await runtime.shutdown()).toBe(one);
  expect(mob.calls).toEqual(['start', 'shutdown 30000']);
});

it('[runtime.shutting-down] admits nobody once shutdown was called, and still lets read', async () => {
  const { runtime } = await startRuntime();
  await runtime.sendMessage('worker-1', 'hello');
  const ending = runtime.shutdown();
  const refused = { code: 'MOB_SHUTTING_DOWN', message: expect.stringContaining('shutting down') as unknown };
  await expect(runtime.roster.spawn({ identity: 'a', profile: 'worker' })).rejects.toMatchObject(refused);
  await expect(runtime.roster.retire('a')).rejects.toMatchObject(refused);
  await expect(runtime.sendMessage('a', 'hello')).rejects.toMatchObject(refused);
  await ending;
  expect((await runtime.queryEvents({}))?.events).toHaveLength(3);
  expect((await runtime.queryMobEvents({})).events).toHaveLength(1);
  expect(await runtime.status()).toMatchObject({ running: false, mobState: 'Stopped' });
});

it('[runtime.shutdown-reports] never rejects: what went wrong is in the report', async () => {
  const { runtime, mob, sink, storage } = await startRuntime();
  mob.act('worker-1', { type: 'text_delta', delta: 'x' });
  mob.stopErrors = ['lease not released'];
  sink.down = true;
  storage.commit = () => Promise.reject(new Error('disk full'));
  const report = await runtime.shutdown();
  expect(report).toMatchObject({ mobStop: 'error', drain: { timedOut: true, drainedCount: 0 } });
  expect(report.errors).toEqual([
    'lease not released',
    '1 events had not reached the event log after 30000 ms',
    'The end of stream epoch 1 was not kept: disk full',
  ]);
});

it('goes on without an engine that does not stop', async () => {
  const { runtime, mob, clock } = await startRuntime({ drainTimeoutMs: 1_000 });
  mob.stuck = true;
  const ending = runtime.shutdown();
  clock.advance(11_000);
  const report = await ending;
  expect(report).toMatchObject({ mobStop: 'error', errors: ['The engine did not stop'] });
  expect(report.drain.timedOut).toBe(true);
});

it('[runtime.shutdown-strangers] reports an event sink whose flush rejects, and goes on', async () => {
  const { runtime, sink } = await startRuntime();
  sink.flush = () => Promise.reject(new Error('sink broke'));
  const report = await runtime.shutdown();
  expect(report.errors).toEqual(['The final flush of the event sink failed: sink broke']);
  expect(report.drain.timedOut).toBe(true);
});

it('[runtime.shutdown-strangers] waits only so long for a sink and for labels that do not answer', async () => {
  const { runtime, mob, sink, metadata, clock } = await startRuntime({ drainTimeoutMs: 1_000 });
  const seen: number[] = [];
  runtime.onMobEvent(({ cursor }) => void seen.push(cursor));
  let answer: (labels: object) => void = () => {};
  metadata.labels = () => new Promise((resolve) => (answer = () => resolve({})));
  sink.flush = () => new Promise(() => {});
  await mob.events.append({ type: 'mob_reset' });
  let report: ShutdownReport | undefined;
  void runtime.shutdown().then((made) => (report = made));
  for (let second = 0; second < 40 && !report; second += 1) {
    await turn();
    clock.advance(1_000);
  }
  expect(report?.errors).toEqual([
    'The event sink did not end its final flush of 5000 ms',
    'The structural events did not end: no answer after 10000 ms',
  ]);
  expect(clock.waiting).toBe(0);
  answer({});
  await turn();
  expect(seen).toEqual([]);
});

it('ends streams that replay or wait, of both kinds, and those opened afterwards', async () => {
  const { runtime } = await startRuntime();
  const structural = async () => {
    const seen: number[] = [];
    for await (const { cursor } of runtime.tailMobEvents({ afterCursor: 0 })) seen.push(cursor);
    return seen;
  };
  const open = [structural(), takeAll(runtime.agentEvents({ identity: 'a' }))];
  await runtime.queryMobEvents({});
  await runtime.shutdown();
  expect(await Promise.all(open)).toEqual([[1], []]);
  expect(await takeAll(runtime.agentEvents({}))).toEqual([]);
});
