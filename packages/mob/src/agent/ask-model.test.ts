import { MobError } from '@mobkit/core';
import type { LlmClient, LlmEvent, LlmProvider } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { askOne, withWorker } from '../../test/ask-one.js';
import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { ANSWER_LIMIT } from './ask-model.js';
import { STREAM_INACTIVITY_MS } from './stream-watch.js';

const overloaded = (retryAfterMs?: number) =>
  new MobError('MOB_LLM_FAILED', 'overloaded', {
    retryable: true,
    ...(retryAfterMs !== undefined && { details: { retryAfterMs } }),
  });

function failing(times: number, error: () => Error) {
  let asked = 0;
  return fakeModel((said) => {
    if (said.endsWith('go') && (asked += 1) <= times) throw error();
    return 'there';
  });
}

const payloadsOf = ({ events }: Awaited<ReturnType<typeof askOne>>, type: string) =>
  events.flatMap(({ payload }) => (payload.type === type ? [payload] : []));

it('[mob.llm-retry] asks a model three times again when that may help, with growing pauses or the one it was told', async () => {
  const twice = await askOne({ model: failing(2, overloaded) });
  expect(twice.events.at(-1)?.payload).toMatchObject({ type: 'run_completed', result: 'there' });
  const pauses = payloadsOf(twice, 'retrying') as { delay_ms: number }[];
  expect(pauses).toMatchObject([
    { attempt: 1, max_attempts: 3, error: 'overloaded' },
    { attempt: 2, max_attempts: 3 },
  ]);
  for (const [at, { delay_ms: delayMs }] of pauses.entries()) {
    expect(delayMs).toBeGreaterThanOrEqual(250 * 2 ** at);
    expect(delayMs).toBeLessThanOrEqual(500 * 2 ** at);
  }
  const told = await askOne({ model: failing(1, () => overloaded(7_000)) });
  expect(payloadsOf(told, 'retrying')).toMatchObject([{ delay_ms: 7_000 }]);
});

it.each([
  ['four times', failing(4, overloaded), 4, 'retry_exhausted'],
  ['for good', failing(1, () => new MobError('MOB_LLM_FAILED', 'no such key')), 1, 'llm_failure'],
  ['for an hour', failing(1, () => overloaded(3_600_000)), 1, 'retry_exhausted'],
])('[mob.llm-retry] gives a model up that fails %s', async (_what, model, asked, cause) => {
  const opened = await askOne({ model });
  expect(model.requests).toHaveLength(asked);
  expect(payloadsOf(opened, 'run_failed')).toMatchObject([
    { error_class: 'llm', terminal_cause_kind: cause },
  ]);
});

it('[mob.llm-silent] asks again when a model is silent for five minutes, and not before', async () => {
  const gate = new Gate();
  let asked = 0;
  const model = fakeModel(async () => ((asked += 1) === 1 ? (await gate.wait(), 'late') : 'there'));
  const { mob, clock, events } = await withWorker({ model });
  await mob.send('one', 'go');
  await gate.reached;
  clock.advance(STREAM_INACTIVITY_MS - 1);
  expect(asked).toBe(1);
  clock.advance(1);
  await mob.whenIdle();
  expect(events.at(-1)?.payload).toMatchObject({ type: 'run_completed', result: 'there' });
  gate.open();
});

const call = (id: unknown, name: unknown, args: unknown): LlmEvent =>
  ({ type: 'tool_call_complete', call: { id, name, args } }) as LlmEvent;

it.each<[string, readonly unknown[]]>([
  ['an event of no type', [{}]],
  ['nothing', [undefined]],
  ['an unknown event', [{ type: 'video_delta' }]],
  ['a delta that is no text', [{ type: 'text_delta', delta: 3 }]],
  ['a call without a name', [call('1', undefined, {})]],
  ['arguments that are not JSON', [call('1', 'add', { big: 1n })]],
  ['no arguments', [call('1', 'add', undefined)]],
  ['two calls of one id', [call('1', 'add', {}), call('1', 'add', {})]],
  ['a usage in words', [{ type: 'usage_update', usage: { input_tokens: 'many' } }]],
  ['a stop for no known reason', [{ type: 'done', stopReason: 'tired' }]],
])(
  '[mob.llm-garbage] fails the run once when a model streams %s, and the mob goes on',
  async (_what, events) => {
    const model = fakeModel((said) => (said.endsWith('go') ? (events as readonly LlmEvent[]) : 'fine'));
    const opened = await askOne({ model });
    expect(payloadsOf(opened, 'run_failed')).toMatchObject([{ error_class: 'llm' }]);
    expect(model.requests).toHaveLength(1);
    await opened.mob.send('one', 'again');
    await opened.mob.whenIdle();
    expect(opened.events.at(-1)?.payload).toMatchObject({ type: 'run_completed' });
    expect(await opened.mob.status()).toBe('Running');
  },
);

it('[mob.llm-endless] cuts an answer that does not end, and the mob goes on', async () => {
  const delta = 'x'.repeat(1024 * 1024);
  let streamed = 0;
  const client: LlmClient = {
    provider: 'endless',
    async *stream() {
      for (;;) {
        streamed += delta.length;
        yield { type: 'text_delta', delta };
      }
    },
    healthCheck: async () => {},
  };
  const model: LlmProvider = { client, supports: () => true };
  const opened = await askOne({ model });
  expect(payloadsOf(opened, 'run_failed')).toMatchObject([
    { error: expect.stringContaining('does not end') },
  ]);
  expect(streamed).toBeLessThanOrEqual(ANSWER_LIMIT + delta.length);
  expect(await opened.mob.status()).toBe('Running');
});

it.each([
  ['max_tokens', 'max_tokens'],
  ['content_filter', 'content_filtered'],
  ['cancelled', 'cancelled'],
] as const)(
  '[mob.llm-refused] fails a run whose answer stopped for %s, and runs no tool of it',
  async (stopReason, errorClass) => {
    const model = fakeModel(() => [
      { type: 'text_delta', delta: 'half' },
      call('1', 'peers', {}),
      { type: 'done', stopReason },
    ]);
    const opened = await askOne({ model });
    expect(payloadsOf(opened, 'run_failed')).toMatchObject([{ error_class: errorClass }]);
    expect(payloadsOf(opened, 'turn_completed')).toMatchObject([{ stop_reason: stopReason }]);
    expect(payloadsOf(opened, 'tool_call_requested')).toEqual([]);
    await opened.mob.send('one', 'again');
    await opened.mob.whenIdle();
    const roles = model.requests[1]?.messages.map(({ role }) => role);
    expect(roles).toEqual(['system', 'user', 'assistant', 'user']);
  },
);

it('tells what a model thought, and what the tools of its provider did, before what it said', async () => {
  const model = fakeModel(() => [
    { type: 'reasoning_delta', delta: 'let me ' },
    { type: 'reasoning_delta', delta: 'see' },
    { type: 'server_tool_content', name: 'search', content: { hits: 2 } },
    { type: 'text_delta', delta: 'two' },
    { type: 'done', stopReason: 'end_turn' },
  ]);
  const { events } = await askOne({ model });
  expect(events.slice(2, -2).map(({ payload }) => payload)).toEqual([
    { type: 'reasoning_delta', delta: 'let me ' },
    { type: 'reasoning_delta', delta: 'see' },
    { type: 'server_tool_content', name: 'search', content: { hits: 2 } },
    { type: 'text_delta', delta: 'two' },
    { type: 'reasoning_complete', content: 'let me see' },
    { type: 'text_complete', content: 'two' },
  ]);
});
