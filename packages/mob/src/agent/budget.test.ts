import type { AgentBudget, LlmEvent } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { memberOf, testTool, withWorker } from '../../test/ask-one.js';
import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { openTestMob } from '../../test/open-test-mob.js';

const uses = (tokens: number): LlmEvent => {
  return { type: 'usage_update', usage: { input_tokens: tokens - 10, output_tokens: 10 } };
};

/** Uses 100 tokens an answer and calls a tool that takes 1 s, until it has three results. */
const model = () =>
  fakeModel((_said, { messages }) => {
    const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user'));
    if (since.filter(({ role }) => role === 'tool').length < 3)
      return [uses(100), ...toolCalls(['slow', {}])];
    return [uses(100), { type: 'done', stopReason: 'end_turn' }];
  });

async function spend(budget: AgentBudget) {
  const tools = () => [
    testTool('slow', async () => (opened.clock.advance(1_000), 'done')),
    testTool('add', async () => ''),
  ];
  const given = { model: model(), tools };
  const opened = await withWorker(given);
  Object.assign(memberOf(opened.mob).session!.record, { budget });
  const go = async () => {
    await opened.mob.send('one', 'go');
    await opened.mob.whenIdle();
  };
  await go();
  const told = () =>
    opened.events.flatMap(({ payload }) => (payload.type === 'budget_warning' ? [payload] : []));
  return { ...opened, go, told, given };
}

it.each<[AgentBudget, string, number, string]>([
  [{ maxTokens: 200 }, 'tokens', 200, 'budget_exhausted'],
  [{ maxToolCalls: 2 }, 'tool_calls', 2, 'budget_exhausted'],
  [{ maxDurationMs: 2_000 }, 'time', 2_000, 'time_budget_exceeded'],
])('[mob.budget] ends a run at a budget of %o, and each after it', async (budget, type, limit, cause) => {
  const { events, told, go } = await spend(budget);
  const failed = { type: 'run_failed', error_class: 'budget', terminal_cause_kind: cause };
  expect(events.at(-1)?.payload).toMatchObject(failed);
  expect(events.filter(({ payload }) => payload.type === 'turn_completed')).toHaveLength(2);
  expect(told()).toMatchObject([{ budget_type: type, used: limit, limit, percent: 100 }]);
  await go();
  expect(events.slice(-3).map(({ payload }) => payload)).toMatchObject([
    { type: 'run_started' },
    { type: 'budget_warning', percent: 100 },
    failed,
  ]);
});

it('[mob.budget-warning] warns once when four fifths are used up, also over a restart', async () => {
  const { mob, storage, given, told, go } = await spend({ maxTokens: 900 });
  expect(told()).toEqual([]);
  await go();
  expect(told()).toMatchObject([{ budget_type: 'tokens', used: 800, limit: 900, percent: 88 }]);
  await mob.shutdown();
  const { events, ...next } = await openTestMob({ storage, definition: mob.definition, ...given });
  await next.mob.send('one', 'go');
  await next.mob.whenIdle();
  expect(events.map(({ payload }) => payload)).toMatchObject([
    { type: 'run_started' },
    ...Array.from({ length: 5 }, () => ({})),
    { type: 'turn_completed' },
    { type: 'budget_warning', used: 900, percent: 100 },
    { type: 'run_failed', error_class: 'budget' },
  ]);
  expect(hasResults(given.model.requests.at(-1)!)).toBe(false);
});
