import type { AgentTool, LlmRequest } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { askOne, memberOf, testTool, withWorker } from '../../test/ask-one.js';
import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';

const resultOf = (request: LlmRequest | undefined) => request?.messages.at(-1);

const calling = (name: string, args: unknown = {}) =>
  fakeModel((said, request) => (hasResults(request) ? said : toolCalls([name, args])));

const others = [testTool('slow', async () => '')];

it('[mob.tool-timeout] gives a tool up that takes too long, aborts its signal and tells the model', async () => {
  const [model, gate] = [calling('slow'), new Gate()];
  let signal: AbortSignal | undefined;
  const slow = testTool('slow', async (_args, context) => {
    ({ signal } = context);
    await gate.wait();
    return 'late';
  });
  const { mob, clock, events } = await withWorker({ model, tools: () => [{ ...slow, timeoutMs: 2_000 }] });
  await mob.send('one', 'go');
  await gate.reached;
  clock.advance(1_999);
  expect(signal?.aborted).toBe(false);
  clock.advance(1);
  await mob.whenIdle();
  expect(signal?.aborted).toBe(true);
  expect(events.map(({ payload }) => payload)).toContainEqual({
    type: 'tool_execution_timed_out',
    id: 'call-0',
    name: 'slow',
    timeout_ms: 2_000,
  });
  expect(resultOf(model.requests[1])).toMatchObject({
    isError: true,
    content: expect.stringContaining('longer than 2000 ms'),
  });
  expect(events.at(-1)?.payload.type).toBe('run_completed');
  gate.open();
});

it('[mob.tool-result] shows the model an error when a tool does not answer with text', async () => {
  for (const given of [undefined, 3, { answer: 3 }]) {
    const model = calling('add');
    await askOne({
      model,
      tools: () => [testTool('add', async () => given as unknown as string), ...others],
    });
    expect(resultOf(model.requests[1])).toMatchObject({
      isError: true,
      content: '"add" did not answer with text',
    });
  }
});

it('[mob.tool-result-size] cuts a result that no model could read, and says so', async () => {
  const model = calling('add');
  await askOne({
    model,
    tools: () => [testTool('add', async () => `a${'\u{1F600}'.repeat(600_000)}`), ...others],
  });
  const { content, isError } = resultOf(model.requests[1]) as { content: string; isError: boolean };
  expect(isError).toBe(false);
  expect(content.length).toBeLessThan(1_048_700);
  expect(content.slice(-60)).toMatch(/\n\[\d+ more characters are left out\]$/);
  expect(content).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
});

it('[mob.tool-arguments] runs a tool only with arguments that fit its schema, and tells the model what does not', async () => {
  let runs = 0;
  const add = (inputSchema: AgentTool['inputSchema']) =>
    testTool('add', async () => ((runs += 1), 'added'), { inputSchema });
  const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };
  const wrong = calling('add', { a: 'one' });
  await askOne({ model: wrong, tools: () => [add(schema), ...others] });
  expect(resultOf(wrong.requests[1])).toMatchObject({
    isError: true,
    content: expect.stringContaining('args/a must be number'),
  });
  expect(runs).toBe(0);
  // Some say of themselves that they answer later.
  const later = calling('add', {});
  await askOne({ model: later, tools: () => [add({ ...schema, $async: true }), ...others] });
  expect(resultOf(later.requests[1])).toMatchObject({
    isError: true,
    content: expect.stringContaining("must have required property 'a'"),
  });
  expect(runs).toBe(0);
  // A schema that cannot be read checks nothing.
  for (const [args, inputSchema] of [
    [{ a: 1 }, schema] as const,
    [{ a: 'x' }, { $ref: 'nowhere' }] as const,
  ]) {
    await askOne({ model: calling('add', args), tools: () => [add(inputSchema), ...others] });
  }
  expect(runs).toBe(2);
});

it('[mob.tool-access] shows a member the tools it may not run, and refuses them', async () => {
  for (const [access, refused] of [
    [{ type: 'deny_list', tools: ['add'] }, true],
    [{ type: 'allow_list', tools: ['slow'] }, true],
    [{ type: 'allow_list', tools: ['add'] }, false],
    [{ type: 'inherit' }, false],
  ] as const) {
    const model = calling('add');
    const { mob } = await withWorker({
      model,
      tools: () => [testTool('add', async () => 'added'), ...others],
    });
    Object.assign(memberOf(mob).session!.record, { tool_access: access });
    await mob.send('one', 'go');
    await mob.whenIdle();
    expect(model.requests[0]?.tools.map(({ name }) => name)).toContain('add');
    expect(resultOf(model.requests[1])).toMatchObject({
      isError: refused,
      content: refused ? 'You may not use "add"' : 'added',
    });
  }
});
