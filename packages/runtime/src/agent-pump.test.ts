import { expect, it } from 'vitest';

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
