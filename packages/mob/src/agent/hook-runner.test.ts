import type { AgentHook, HookCall, HookPoint } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { askOne, testTool, withWorker } from '../../test/ask-one.js';
import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';

const tools = () => [testTool('add', async () => 'added'), testTool('slow', async () => '')];
const calling = () =>
  fakeModel((_said, request) => (hasResults(request) ? 'all done' : toolCalls(['add', { a: 1 }])));

const POINTS: readonly HookPoint[] = [
  'run_started',
  'pre_llm_request',
  'post_llm_response',
  'pre_tool_execution',
  'post_tool_execution',
  'turn_boundary',
  'run_completed',
  'run_failed',
];

const guardrail = (id: string, points: readonly HookPoint[], run: AgentHook['run'], more = {}): AgentHook => {
  return { id, points, capability: 'guardrail', run, ...more };
};

const deny = async () => ({ decision: 'deny', reasonCode: 'no', message: 'not today' }) as const;

it('[mob.hooks] calls hooks at every point of a run, those of lower priority first, and goes on when they allow', async () => {
  const calls: HookCall[] = [];
  const order: string[] = [];
  const note = (id: string, priority: number) =>
    guardrail(
      id,
      POINTS,
      async (call) => {
        order.push(id);
        if (id === 'first') calls.push(call);
      },
      { priority },
    );
  const hooks = () => [note('second', 1), note('first', -1)];
  const { events } = await askOne({ model: calling(), tools, hooks });
  expect(calls.map(({ point }) => point)).toEqual([
    'run_started',
    'pre_llm_request',
    'post_llm_response',
    'pre_tool_execution',
    'post_tool_execution',
    'turn_boundary',
    'pre_llm_request',
    'post_llm_response',
    'turn_boundary',
    'run_completed',
  ]);
  expect(order.slice(0, 4)).toEqual(['first', 'second', 'first', 'second']);
  expect(calls[3]).toMatchObject({
    mobId: 'crew',
    source: { identity: 'one', generation: 0 },
    payload: { name: 'add', args: { a: 1 } },
  });
  expect(calls.at(-1)?.payload).toEqual({ result: 'all done' });
  const completed = events.filter(({ payload }) => payload.type === 'hook_completed');
  expect(completed).toHaveLength(20);
  expect(events.at(-1)?.payload.type).toBe('run_completed');
});

it.each(POINTS.filter((point) => !point.includes('tool') && point !== 'run_failed'))(
  '[mob.hook-denied] fails a run that a guardrail denies at %s',
  async (point) => {
    const failures: unknown[] = [];
    const hooks = () => [
      guardrail('strict', [point], deny),
      guardrail('told', ['run_failed'], async ({ payload }) => void failures.push(payload)),
    ];
    const { events, mob } = await askOne({ model: calling(), tools, hooks });
    expect(events.at(-1)?.payload).toMatchObject({
      type: 'run_failed',
      error_class: 'hook',
      terminal_cause_kind: 'hook_denied',
      error: 'no: not today',
    });
    expect(events.map(({ payload }) => payload)).toContainEqual({
      type: 'hook_denied',
      hook_id: 'strict',
      point,
      reason_code: 'no',
      message: 'not today',
    });
    expect(failures).toEqual([{ error_class: 'hook', error: 'no: not today' }]);
    expect(await mob.status()).toBe('Running');
  },
);

it('[mob.hook-denied-tool] shows the model an error for a call, or a result, that a guardrail denies', async () => {
  for (const point of ['pre_tool_execution', 'post_tool_execution'] as const) {
    let runs = 0;
    const model = calling();
    const counted = () => [
      testTool('add', async () => ((runs += 1), 'added')),
      testTool('slow', async () => ''),
    ];
    const { events } = await askOne({
      model,
      tools: counted,
      hooks: () => [guardrail('strict', [point], deny)],
    });
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ isError: true, content: 'no: not today' });
    expect(runs).toBe(point === 'pre_tool_execution' ? 0 : 1);
    expect(events.at(-1)?.payload.type).toBe('run_completed');
  }
});

it('[mob.hook-fails-closed] denies when a guardrail throws, takes longer than five seconds or would be given too much', async () => {
  const gate = new Gate();
  const throws = guardrail('guard', ['run_started'], async () => {
    throw new Error('out of order');
  });
  const slow = guardrail('guard', ['run_started'], async () => gate.wait());
  const fine = guardrail('guard', ['run_started'], async () => {});
  const long = 'x'.repeat(128 * 1024);
  for (const [hook, said, why] of [
    [throws, 'go', 'out of order'],
    [slow, 'go', 'longer than 5000 ms'],
    [fine, long, 'longer than 131072 bytes'],
  ] as const) {
    const { mob, clock, events } = await withWorker({ hooks: () => [hook] });
    await mob.send('one', said);
    if (hook === slow) {
      await gate.reached;
      clock.advance(5_000);
    }
    await mob.whenIdle();
    const told = events.flatMap(({ payload }) => (payload.type === 'hook_failed' ? [payload.error] : []));
    expect(told).toEqual([expect.stringContaining(why)]);
    expect(events.at(-1)?.payload).toMatchObject({
      error_class: 'hook',
      terminal_cause_kind: 'hook_failure',
    });
  }
  gate.open();
});

it('[mob.hook-observes] does not wait for an observer, and what it throws or decides changes nothing', async () => {
  const gate = new Gate();
  const observe = (id: string, run: AgentHook['run']): AgentHook => {
    return { id, points: ['run_started', 'pre_tool_execution'], capability: 'observe', run };
  };
  const hooks = () => [
    observe('slow', () => gate.wait()),
    observe('broken', async () => {
      throw new Error('oh');
    }),
    observe('bossy', deny),
  ];
  const { events } = await askOne({ model: calling(), tools, hooks });
  expect(events.at(-1)?.payload.type).toBe('run_completed');
  const types = events.map(({ payload }) => payload.type);
  expect(types.filter((type) => type === 'hook_failed')).toHaveLength(2);
  expect(types).not.toContain('hook_denied');
  gate.open();
});
