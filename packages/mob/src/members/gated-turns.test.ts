import type { Storage } from '@mobkit/core';
import type { AgentTool, GatedCall, MobDefinition, ToolGate, ToolVerdict } from '@mobkit/core/mob';
import { FaultyStorage, ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { type FakeModel, fakeModel, hasResults, lastText, toolCalls } from '../../test/fake-model.js';
import { memoryStorage, openTestMob, testDefinition, typesOf } from '../../test/open-test-mob.js';
import { step } from '../../test/run-flow.js';
import { inputsDefinition } from './input.js';

/** A gate that asks its test, and remembers what it was told, as one over a storage does. */
class TestGate implements ToolGate {
  readonly asked: GatedCall[] = [];
  readonly settled: string[] = [];
  readonly #verdicts = new Map<string, ToolVerdict>();
  #decided = () => {};
  #arrived = () => {};
  /** Resolves at the next call that waits. */
  reached = new Promise<void>((resolve) => (this.#arrived = resolve));

  async admitCall(call: GatedCall, { signal }: { readonly signal: AbortSignal }): Promise<ToolVerdict> {
    this.asked.push(call);
    for (;;) {
      signal.throwIfAborted();
      const verdict = this.#verdicts.get(call.callKey);
      if (verdict) return verdict;
      const news = new Promise<void>((resolve) => {
        const before = this.#decided;
        this.#decided = () => (before(), resolve());
        signal.addEventListener('abort', () => resolve());
      });
      this.#arrived();
      await news;
    }
  }

  async settle(callKey: string): Promise<void> {
    this.settled.push(callKey);
  }

  decide(verdict: ToolVerdict, { callKey } = this.asked.at(-1)!): void {
    this.#verdicts.set(callKey, verdict);
    this.reached = new Promise((resolve) => (this.#arrived = resolve));
    this.#decided();
  }
}

const worker = {
  ...testDefinition.profiles['worker']!,
  tools: { comms: true, host: ['deploy', 'look'], gated: { deploy: 'r3' } },
} as const;
const definition: MobDefinition = { ...testDefinition, profiles: { ...testDefinition.profiles, worker } };

function tool(name: string, ran: unknown[], given: Partial<AgentTool> = {}): AgentTool {
  return {
    name,
    description: name,
    inputSchema: { type: 'object' },
    run: async (args) => (ran.push([name, args]), `${name} done`),
    ...given,
  };
}

async function open({
  storage,
  gate = new TestGate(),
  calls = [['deploy', { to: 'prod' }]],
  model,
  ...rest
}: Options = {}) {
  const ran: unknown[] = [];
  const given =
    model ??
    fakeModel((said, request) => {
      if (said.endsWith('hello')) return 'hi';
      return hasResults(request) ? `saw ${lastText(request)}` : toolCalls(...calls);
    });
  const opened = await openTestMob({
    definition,
    model: given,
    tools: () => [tool('deploy', ran, { timeoutMs: 1_000 }), tool('look', ran)],
    storage: storage ?? (await memoryStorage()),
    ...(gate && { toolGate: gate }),
    ...rest,
  });
  if (!opened.report.resumed) {
    for (const identity of ['one', 'two']) await opened.mob.spawn({ identity, profile: 'worker' });
  }
  return { ...opened, gate: gate as TestGate, ran, model: given };
}

interface Options {
  readonly storage?: Storage;
  readonly model?: FakeModel;
  readonly gate?: TestGate | false;
  readonly calls?: readonly (readonly [string, unknown])[];
  readonly clock?: ManualClock;
  readonly definition?: MobDefinition;
}

const resultOf = ({ events }: Awaited<ReturnType<typeof open>>, identity = 'one') =>
  events.flatMap(({ source, payload }) => {
    if (source.identity !== identity) return [];
    if (payload.type === 'run_completed') return [payload.result];
    return payload.type === 'run_failed' ? [`failed: ${payload.error}`] : [];
  });

it('[gate.tool-waits] has a gated call wait, whatever its own time limit, while others go on and the mob stays Running', async () => {
  const clock = new ManualClock(1_000);
  const opened = await open({
    clock,
    calls: [
      ['look', {}],
      ['deploy', { to: 'prod' }],
    ],
  });
  const { mob, gate, ran } = opened;
  await mob.send('one', 'go');
  await gate.reached;
  expect(gate.asked).toMatchObject([
    { mobId: 'crew', identity: 'one', tool: 'deploy', args: { to: 'prod' }, tier: 'r3' },
  ]);
  clock.advance(3_600_000);
  await mob.send('two', 'hello');
  await expect.poll(() => resultOf(opened, 'two')).toEqual(['hi']);
  expect(await mob.status()).toBe('Running');
  expect(ran).toEqual([['look', {}]]);
  gate.decide({ allowed: true });
  await mob.whenIdle();
  expect(ran).toEqual([
    ['look', {}],
    ['deploy', { to: 'prod' }],
  ]);
  expect(resultOf(opened)).toEqual(['saw deploy done']);
  expect(gate.settled).toEqual([gate.asked[0]?.callKey]);
});

it('[gate.tool-denied] makes a call that is not allowed, or that nobody could allow, an error the model reads', async () => {
  const denied = await open();
  await denied.mob.send('one', 'go');
  await denied.gate.reached;
  denied.gate.decide({ allowed: false, reason: 'bob rejected it: not today' });
  await denied.mob.whenIdle();
  expect(denied.ran).toEqual([]);
  expect(resultOf(denied)).toEqual(['saw MOB_GATE_DENIED: bob rejected it: not today']);
  const gateless = await open({ gate: false });
  expect(gateless.report.warnings).toEqual([expect.stringContaining('profiles.worker.tools.gated')]);
  await gateless.mob.send('one', 'go');
  await gateless.mob.whenIdle();
  expect(gateless.ran).toEqual([]);
  expect(resultOf(gateless)).toEqual([expect.stringContaining('MOB_GATE_DENIED')]);
});

it('asks nobody about a call that cannot be made', async () => {
  const opened = await open({ calls: [['deploy', 'no object']] });
  await opened.mob.send('one', 'go');
  await opened.mob.whenIdle();
  expect(opened.gate.asked).toEqual([]);
});

it('[gate.tool-crash] goes on, after a crash, with the call that waited, asks once and loses nothing of the turn', async () => {
  const kept = await memoryStorage();
  const storage = new FaultyStorage(kept);
  const calls = [
    ['look', {}],
    ['deploy', { to: 'prod' }],
  ] as const;
  const before = await open({ storage, calls });
  await before.mob.send('one', 'go');
  await before.mob.send('one', 'hello');
  await before.gate.reached;
  storage.sever();
  const [dead] = before.gate.asked;

  const gate = new TestGate();
  gate.decide({ allowed: true }, dead);
  const after = await open({ storage: kept, gate, calls });
  await after.mob.whenIdle();
  expect(after.report.lostTurns).toEqual([]);
  expect(gate.asked.map(({ callKey }) => callKey)).toEqual([dead?.callKey]);
  expect([before.ran, after.ran]).toEqual([[['look', {}]], [['deploy', { to: 'prod' }]]]);
  expect(resultOf(after)).toEqual(['saw deploy done', 'hi']);
  expect(typesOf(after.events, 'one').filter((type) => type === 'run_started')).toHaveLength(1);
  expect(after.interactions.map(({ payload }) => payload.type)).toEqual([
    'interaction_complete',
    'interaction_complete',
  ]);
  expect(after.model.requests.at(-1)?.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'tool',
    'assistant',
    'user',
  ]);
});

it('[gate.tool-crash] goes on in a later turn too, with the steps before it as they were kept', async () => {
  const kept = await memoryStorage();
  const storage = new FaultyStorage(kept);
  let turn = 0;
  const model = fakeModel((_said, request) => {
    turn = hasResults(request) ? turn + 1 : 0;
    return toolCalls(turn === 0 ? ['look', {}] : ['deploy', {}]);
  });
  const before = await open({ storage, model });
  await before.mob.send('one', 'go');
  await before.gate.reached;
  storage.sever();
  const after = await open({ storage: kept });
  await after.gate.reached;
  expect(after.gate.asked[0]?.callKey).toBe(before.gate.asked[0]?.callKey);
  after.gate.decide({ allowed: false, reason: 'no' });
  await after.mob.whenIdle();
  expect(after.model.requests.map(({ messages }) => messages.map(({ role }) => role))).toEqual([
    ['system', 'user', 'assistant', 'tool', 'assistant', 'tool'],
  ]);
});

it('[gate.tool-member-gone] takes the question of a run back when a crash left its message to a member that is gone', async () => {
  const kept = await memoryStorage();
  const storage = new FaultyStorage(kept);
  const before = await open({ storage });
  await before.mob.send('one', 'go');
  await before.gate.reached;
  storage.sever();
  const inputs = kept.records(inputsDefinition);
  const { key, fields, data } = (await inputs.list({})).records[0]!;
  await inputs.put(key, { fields, data: JSON.stringify({ ...JSON.parse(data), generation: 7 }) });
  const after = await open({ storage: kept });
  expect(after.gate.settled).toEqual([before.gate.asked[0]?.callKey]);
});

it('[gate.tool-turn-lost] takes the question of a turn of a flow back when the process that ran it has died', async () => {
  const kept = await memoryStorage();
  const storage = new FaultyStorage(kept);
  const ofFlow = { ...definition, flows: { f: { steps: { s: step('go') } } } };
  const before = await open({ storage, definition: ofFlow });
  await before.mob.retire('two');
  await before.mob.runFlow('f');
  await before.gate.reached;
  storage.sever();
  const after = await open({ storage: kept, definition: ofFlow });
  expect(after.gate.settled).toEqual([before.gate.asked[0]?.callKey]);
  expect(after.report.lostTurns).toMatchObject([{ identity: 'one' }]);
  await after.mob.whenIdle();
  expect([after.gate.asked, after.ran]).toEqual([[], []]);
});

it('[gate.tool-put-aside] leaves a run that waits when the mob stops or is shut down, at once, and goes on with it', async () => {
  const storage = await memoryStorage();
  const before = await open({ storage });
  const { mob, gate } = before;
  await mob.send('one', 'go');
  await gate.reached;
  await mob.stop();
  expect(resultOf(before)).toEqual([]);
  await mob.resume();
  await expect.poll(() => gate.asked).toHaveLength(2);
  const report = await mob.shutdown({ deadlineMs: 60_000 });
  expect(report).toEqual({ interrupted: [], errors: [] });
  expect(gate.settled).toEqual([]);

  const after = await open({ storage });
  expect(after.report.lostTurns).toEqual([]);
  await after.gate.reached;
  after.gate.decide({ allowed: true });
  await after.mob.whenIdle();
  expect(new Set([...gate.asked, ...after.gate.asked].map(({ callKey }) => callKey)).size).toBe(1);
  expect(resultOf(after)).toEqual(['saw deploy done']);
});

it('[gate.tool-cancelled] takes the question back when the turn is cancelled or its member retires', async () => {
  const cancelled = await open();
  await cancelled.mob.send('one', 'go');
  await cancelled.gate.reached;
  await cancelled.mob.cancelTurn('one');
  await cancelled.mob.whenIdle();
  expect(resultOf(cancelled)).toEqual(['failed: The turn was cancelled']);
  expect(cancelled.gate.settled).toEqual([cancelled.gate.asked[0]?.callKey]);
  const retired = await open();
  await retired.mob.send('one', 'go');
  await retired.gate.reached;
  await retired.mob.retire('one');
  expect(retired.gate.settled).toEqual([retired.gate.asked[0]?.callKey]);
  expect(retired.ran).toEqual([]);
});
