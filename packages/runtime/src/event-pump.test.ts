import { expect, it } from 'vitest';

import { take } from '../test/support/read-stream.js';
import { startRuntime } from '../test/support/start-runtime.js';

it('[runtime.pump] gives the event log every event once, with who did it, for what, and its place', async () => {
  const { runtime, sink, eventLog } = await startRuntime();
  await runtime.sendMessage('worker-1', 'hello', { interactionId: 'interaction-7' });
  await runtime.sendMessage('worker-2', 'hi');
  await sink.flush();
  const { events } = await eventLog.query({ mobId: 'demo' });
  expect(events.map(({ identity, stream }) => [identity, stream])).toEqual([
    ['worker-1', { epoch: 1, n: 1, agentN: 1 }],
    ['worker-1', { epoch: 1, n: 2, agentN: 2 }],
    ['worker-1', { epoch: 1, n: 3, agentN: 3 }],
    ['worker-2', { epoch: 1, n: 4, agentN: 1 }],
    ['worker-2', { epoch: 1, n: 5, agentN: 2 }],
    ['worker-2', { epoch: 1, n: 6, agentN: 3 }],
  ]);
  const payload = { type: 'text_delta', delta: 'hello' };
  expect(events[1]).toMatchObject({
    id: expect.stringMatching(/^evt-agent-/) as unknown,
    timestampMs: 1_000,
    memberId: 'worker-1:0',
    mobId: 'demo',
    interactionId: 'interaction-7',
    event: { kind: 'agent', agentId: 'worker-1:0', eventType: 'text_delta', payload },
  });
});

it('takes the run and the step from a payload that has them', async () => {
  const { mob, sink, eventLog } = await startRuntime();
  const payload = { type: 'text_delta', delta: '', run_id: 'run-1', step_id: 'step-1' } as const;
  mob.act('worker-1', payload);
  await sink.flush();
  expect((await eventLog.query({ runId: 'run-1', stepId: 'step-1' })).events).toHaveLength(1);
});

it('[runtime.run-failed] tells the error hook of a run that failed, and not of one that was cancelled', async () => {
  const { runtime, mob, told, sink, eventLog } = await startRuntime();
  mob.act('worker-1', { type: 'run_failed', session_id: 's', error_class: 'cancelled', error: 'retired' });
  await runtime.sendMessage('worker-1', 'fail');
  await sink.flush();
  const failed = (await eventLog.query({ eventTypes: ['run_failed'] })).events.at(-1);
  const error = `agent run failed (event_id: ${failed?.id})`;
  expect(told).toEqual([{ category: 'host_loop_crash', memberId: 'worker-1:0', error }]);
});

it('survives an error hook that throws, and says so in the shutdown report', async () => {
  const onError = () => {
    throw new Error('hook broke');
  };
  const { runtime } = await startRuntime({ onError });
  await runtime.sendMessage('worker-1', 'fail');
  expect((await runtime.shutdown()).errors).toEqual([expect.stringContaining('hook broke')]);
});

it('[runtime.unserialisable] lets an event without JSON pass, says why in its place, and goes on numbering', async () => {
  const { runtime, mob, told, sink, eventLog } = await startRuntime();
  const stream = runtime.agentEvents({});
  const args: unknown = { n: 1n };
  mob.act('worker-1', { type: 'tool_call_requested', id: 't', name: 'count', args });
  mob.act('worker-1', { type: 'text_delta', delta: 'x' });
  expect(await take(stream, 2)).toEqual(['1.1', '1.2']);
  await sink.flush();
  const { events } = await eventLog.query({});
  expect(events.map(({ stream: at }) => at?.n)).toEqual([1, 2]);
  const unserialisable = expect.stringContaining('BigInt') as unknown;
  expect(events[0]?.event.payload).toEqual({ type: 'tool_call_requested', unserialisable });
  expect(told).toEqual([
    { category: 'payload_unserialisable', memberId: 'worker-1:0', error: unserialisable },
  ]);
});

it('[runtime.unserialisable] keeps its numbers when the memory comes round to such an event', async () => {
  const { runtime, mob, told } = await startRuntime();
  mob.act('a', { type: 'tool_call_requested', id: 't', name: 'count', args: 1n });
  for (let n = 0; n < 4_100; n += 1) mob.act('a', { type: 'text_delta', delta: 'x' });
  const stream = runtime.agentEvents({ after: { epoch: 1, n: 4_099 } });
  expect(await take(stream, 2)).toEqual(['1.4100', '1.4101']);
  expect(told).toHaveLength(1);
});

it('[runtime.sink-apart] keeps an event from nobody when the event sink throws, and says so once', async () => {
  const { runtime, mob, sink, told } = await startRuntime();
  const { ingest } = sink;
  sink.ingest = () => {
    throw new Error('disk is gone');
  };
  const stream = runtime.agentEvents({});
  for (let n = 0; n < 3; n += 1) mob.act('a', { type: 'text_delta', delta: 'x' });
  expect(stream.takeReady()).toHaveLength(3);
  sink.ingest = ingest;
  mob.act('a', { type: 'text_delta', delta: 'x' });
  expect(stream.takeReady()).toHaveLength(1);
  const error = expect.stringContaining('disk is gone') as unknown;
  expect(told).toEqual([{ category: 'event_log_flush_failure', error }]);
  expect((await runtime.shutdown()).errors).toEqual([expect.stringContaining('3 in all')]);
});

it('[runtime.drain] has passed what happened before it to listeners and to the log, and gives up at its deadline', async () => {
  const { runtime, mob, sink, eventLog, clock } = await startRuntime();
  const seen: number[] = [];
  runtime.onMobEvent(({ cursor }) => void seen.push(cursor));
  await mob.events.append({ type: 'mob_reset' });
  mob.act('a', { type: 'text_delta', delta: 'x' });
  expect(await runtime.drain()).toEqual({ unflushed: 0 });
  expect(seen).toEqual([2]);
  expect((await eventLog.query({})).events).toHaveLength(1);
  sink.down = true;
  mob.act('a', { type: 'text_delta', delta: 'x' });
  const { waiting } = clock;
  const late = runtime.drain({ deadlineMs: 100 });
  clock.advance(100);
  expect(await late).toEqual({ unflushed: 1 });
  expect(clock.waiting).toBe(waiting);
});
