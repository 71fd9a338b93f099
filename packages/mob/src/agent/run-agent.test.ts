import { ManualClock } from '@mobkit/contract-kit';
import type { AgentTool, LlmEvent } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { openTestMob, typesOf, testDefinition } from '../../test/open-test-mob.js';
import { TURN_LIMIT } from './run-agent.js';

const tooled = {
  ...testDefinition,
  profiles: {
    worker: {
      ...testDefinition.profiles.worker,
      model: 'fake',
      tools: { comms: true, host: ['add', 'slow'] },
    },
  },
  orchestrator: { profile: 'worker' },
};

const tool = (name: string, run: AgentTool['run']): AgentTool => {
  return { name, description: name, inputSchema: { type: 'object' }, run };
};

/** Pauses before a model is asked again take no time. */
async function ask(options: Parameters<typeof openTestMob>[0]) {
  const clock = new ManualClock(1_000);
  const opened = await openTestMob({
    clock,
    onEvent: ({ payload }) => {
      if (payload.type === 'retrying') queueMicrotask(() => clock.advance(payload.delay_ms));
    },
    ...options,
  });
  await opened.mob.spawn({ identity: 'one', profile: 'worker' });
  await opened.mob.send('one', 'go');
  await opened.mob.whenIdle();
  return opened;
}

it('[mob.run-events] tells a run with tools from its start to its end, with the turn and its usage each time', async () => {
  const usage: LlmEvent = { type: 'usage_update', usage: { input_tokens: 3, output_tokens: 2 } };
  const model = fakeModel((_said, request) =>
    hasResults(request)
      ? [
          { type: 'text_delta', delta: 'it is ' },
          { type: 'text_delta', delta: '3' },
          usage,
          { type: 'done', stopReason: 'end_turn' },
        ]
      : [{ type: 'text_delta', delta: 'hm' }, usage, ...toolCalls(['add', { a: 1, b: 2 }])],
  );
  const { mob, events } = await ask({
    definition: tooled,
    model,
    tools: () => [tool('add', async () => '3'), tool('slow', async () => '')],
  });
  const { sessionId } = mob.member('one')!;
  expect(events.map(({ payload }) => payload)).toEqual([
    { type: 'run_started', session_id: sessionId, prompt: '[message from user]\ngo' },
    { type: 'turn_started', turn_number: 0 },
    { type: 'text_delta', delta: 'hm' },
    { type: 'text_complete', content: 'hm' },
    { type: 'tool_call_requested', id: 'call-0', name: 'add', args: { a: 1, b: 2 } },
    { type: 'tool_execution_started', id: 'call-0', name: 'add' },
    { type: 'tool_execution_completed', id: 'call-0', name: 'add', is_error: false, duration_ms: 0 },
    { type: 'tool_result_received', id: 'call-0', name: 'add', content: '3', is_error: false },
    { type: 'turn_completed', stop_reason: 'tool_use', usage: { input_tokens: 3, output_tokens: 2 } },
    { type: 'turn_started', turn_number: 1 },
    { type: 'text_delta', delta: 'it is ' },
    { type: 'text_delta', delta: '3' },
    { type: 'text_complete', content: 'it is 3' },
    { type: 'turn_completed', stop_reason: 'end_turn', usage: { input_tokens: 3, output_tokens: 2 } },
    {
      type: 'run_completed',
      session_id: sessionId,
      result: 'it is 3',
      usage: { input_tokens: 6, output_tokens: 4 },
    },
  ]);
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  expect(events[0]).toMatchObject({
    source: { identity: 'one', generation: 0 },
    fenceToken: 1,
    role: 'worker',
  });
  const [request] = model.requests;
  expect(request?.messages[0]).toMatchObject({
    role: 'system',
    content: expect.stringContaining('You are one, worker'),
  });
  expect(request?.tools.map(({ name }) => name).slice(0, 4)).toEqual([
    'add',
    'slow',
    'peers',
    'send_message',
  ]);
});

it('[mob.tools] runs the tools of a turn side by side, answers in their order, and shows the model what failed', async () => {
  const gate = new Gate();
  const order: string[] = [];
  const model = fakeModel((said, request) =>
    hasResults(request) ? said : toolCalls(['slow', {}], ['add', {}], ['nothing', {}]),
  );
  const { events } = await ask({
    definition: tooled,
    model,
    tools: () => [
      tool('slow', async () => (await gate.wait(), order.push('slow'), 'slow done')),
      tool('add', async () => {
        order.push('add');
        gate.open();
        throw new Error('no numbers');
      }),
    ],
  });
  expect(order).toEqual(['add', 'slow']);
  expect(model.requests[1]?.messages.slice(-3)).toEqual([
    { role: 'tool', toolCallId: 'call-0', name: 'slow', content: 'slow done', isError: false },
    { role: 'tool', toolCallId: 'call-1', name: 'add', content: 'no numbers', isError: true },
    {
      role: 'tool',
      toolCallId: 'call-2',
      name: 'nothing',
      content: 'There is no tool "nothing"',
      isError: true,
    },
  ]);
  expect(typesOf(events, 'one').at(-1)).toBe('run_completed');
});

it('[mob.llm-failed] ends a run with exactly one run_failed when the model fails or stops without a word, and the mob goes on', async () => {
  const failures: readonly (() => readonly LlmEvent[])[] = [
    () => {
      throw new Error('overloaded');
    },
    () => [{ type: 'text_delta', delta: 'half an ans' }],
  ];
  for (const failure of failures) {
    const model = fakeModel((said) => (said.endsWith('go') ? failure() : 'fine'));
    const { mob, events } = await ask({ model });
    expect(typesOf(events, 'one').filter((type) => type.startsWith('run_'))).toEqual([
      'run_started',
      'run_failed',
    ]);
    expect(events.at(-1)?.payload).toMatchObject({
      error_class: 'llm',
      terminal_cause_kind: expect.stringMatching(/llm_failure|retry_exhausted/),
      error: expect.stringMatching(/overloaded|Incomplete response/),
    });
    expect(await mob.status()).toBe('Running');
    await mob.send('one', 'again');
    await mob.whenIdle();
    expect(typesOf(events, 'one').at(-1)).toBe('run_completed');
  }
});

it('[mob.turn-limit] ends a run that never stops calling tools', async () => {
  const model = fakeModel(() => toolCalls(['peers', {}]));
  const { events } = await ask({ model });
  expect(model.requests).toHaveLength(TURN_LIMIT);
  expect(events.at(-1)?.payload).toMatchObject({
    type: 'run_failed',
    error_class: 'max_turns',
    terminal_cause_kind: 'turn_limit_reached',
  });
});

it('does not wait for a model or a tool that ignores the end of its run', async () => {
  const gate = new Gate();
  const model = fakeModel(() => toolCalls(['slow', {}]));
  const { mob, events } = await openTestMob({
    definition: tooled,
    model,
    tools: () => [tool('add', async () => ''), tool('slow', async () => (await gate.wait(), 'late'))],
  });
  const { sessionId } = await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.send('one', 'go');
  await gate.reached;
  await mob.retire('one');
  const told = events.length;
  gate.open();
  await gate.passed;
  await mob.whenIdle();
  expect(events).toHaveLength(told);
  expect(events.at(-1)?.payload).toMatchObject({ type: 'run_failed', session_id: sessionId });
});
