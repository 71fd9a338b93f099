import { FaultyStorage, unavailable } from '@mobkit/contract-kit';
import type { StorageWrite } from '@mobkit/core';
import { expect, it } from 'vitest';

import { askOne, memberOf, testTool, withWorker } from '../../test/ask-one.js';
import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { memoryStorage, openTestMob } from '../../test/open-test-mob.js';
import { inputsDefinition } from './input.js';
import { transcriptDefinition } from './session.js';

const tools = () => [testTool('add', async () => '3'), testTool('slow', async () => '')];

const appendsSaid = ({ appends = [] }: StorageWrite) =>
  appends.some(({ log }) => log.name === transcriptDefinition.name);

/** Calls a tool twice, then says how it went; waits before its last answer. */
function twoSteps(beforeLast: () => Promise<void> = async () => {}) {
  let step = 0;
  return fakeModel(async (_said, request) => {
    step = hasResults(request) ? step + 1 : 0;
    if (step < 2) return toolCalls(['add', { step }]);
    await beforeLast();
    return 'both done';
  });
}

it('[mob.step-kept] keeps every finished step of a run, so that a crash loses only what came after, and says so', async () => {
  const [kept, gate] = [await memoryStorage(), new Gate()];
  const storage = new FaultyStorage(kept);
  const before = await withWorker({ storage, model: twoSteps(() => gate.wait()), tools });
  await before.mob.send('one', 'go');
  await gate.reached;
  storage.sever();

  const model = fakeModel();
  const { mob, report, errors } = await openTestMob({
    storage: kept,
    model,
    tools,
    definition: before.mob.definition,
  });
  expect(report.lostTurns).toMatchObject([{ excerpt: 'go' }]);
  expect(JSON.stringify(errors)).toContain('its finished steps are kept (5 messages)');
  await mob.send('one', 'on');
  await mob.whenIdle();
  expect(model.requests[0]?.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
    'user',
  ]);
});

it('[mob.step-commits] makes no other commit for a run of one step, and one for each further step', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  let commits = 0;
  storage.afterCommit = (write) => void (commits += appendsSaid(write) ? 1 : 0);
  await askOne({ storage, tools });
  expect(commits).toBe(1);
  commits = 0;
  const two = new FaultyStorage(await memoryStorage());
  two.afterCommit = (write) => void (commits += appendsSaid(write) ? 1 : 0);
  await askOne({ storage: two, tools, model: twoSteps() });
  expect(commits).toBe(3);
});

it.each([
  ['kept', true],
  ['not kept', false],
])(
  '[mob.step-in-doubt] has every message of a run once when the answer to a step was lost that was %s',
  async (_what, kept) => {
    const inner = await memoryStorage();
    const storage = new FaultyStorage(inner);
    const { mob, clock, events } = await withWorker({ storage, model: twoSteps(), tools });
    const lose = (write: StorageWrite) => {
      if (!appendsSaid(write)) return;
      storage.beforeRead = () => {
        throw unavailable();
      };
      throw unavailable();
    };
    if (kept) storage.afterCommit = lose;
    else storage.beforeCommit = lose;
    const turn = await memberOf(mob).requestTurn({ content: 'go', interactionId: 'i-1' });
    while (clock.waiting === 0 || events.length < 7) await Promise.resolve();
    turn.cancel('took too long');
    // The end is tried, and fails too.
    while (clock.waiting === 0) await Promise.resolve();
    storage.beforeCommit = storage.afterCommit = () => {};
    storage.beforeRead = () => {};
    clock.advance(10_000);
    expect(await turn.ended).toMatchObject({ error_class: 'cancelled' });
    const { sessionId } = events[0]!;
    const { entries } = await inner.log(transcriptDefinition, sessionId).read({ afterSeq: 0 });
    expect(entries.map(({ fields }) => fields['role'])).toEqual(['user', 'assistant', 'tool']);
    expect(events.filter(({ payload }) => payload.type === 'run_failed')).toHaveLength(1);
  },
);

it('[mob.steer] gives what is to be read at once to the model at the end of a turn, and goes on if that was the last', async () => {
  const gate = new Gate();
  let asked = 0;
  const model = fakeModel(async (said) => {
    if ((asked += 1) === 1) await gate.wait();
    return `did ${said}`;
  });
  const { mob, storage, events } = await withWorker({ model });
  await mob.send('one', 'go');
  await gate.reached;
  const { inbox } = memberOf(mob);
  const about = { generation: 0, interactionId: 'i-2', acceptedAtMs: 0 } as const;
  await inbox.accept({ ...about, id: 's-1', kind: 'internal', content: 'wait', handlingMode: 'queue' });
  await inbox.accept({ ...about, id: 's-2', kind: 'internal', content: 'stop that', handlingMode: 'steer' });
  gate.open();
  await mob.whenIdle();
  expect(model.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual([
    '[message from user]\ngo',
    'stop that',
    'wait',
  ]);
  expect(events.filter(({ payload }) => payload.type === 'run_completed')).toHaveLength(2);
  expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
});

it('[mob.cancel-turn] ends a run at its next boundary, with what was done until then', async () => {
  const gate = new Gate();
  const model = fakeModel((said, request) => (hasResults(request) ? said : toolCalls(['slow', {}])));
  const slow = testTool('slow', async () => (await gate.wait(), 'done'));
  const { mob, events } = await withWorker({ model, tools: () => [slow, testTool('add', async () => '')] });
  await mob.send('one', 'go');
  await gate.reached;
  memberOf(mob).cancelTurn();
  gate.open();
  await mob.whenIdle();
  expect(events.slice(-2).map(({ payload }) => payload)).toMatchObject([
    { type: 'turn_completed', stop_reason: 'cancelled' },
    { type: 'run_failed', error_class: 'cancelled' },
  ]);
  expect(model.requests).toHaveLength(1);
  memberOf(mob).cancelTurn();
  await mob.send('one', 'again');
  await mob.whenIdle();
  expect(events.at(-1)?.payload.type).toBe('run_completed');
  expect(model.requests.at(-1)?.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'user',
    'assistant',
    'tool',
  ]);
});
