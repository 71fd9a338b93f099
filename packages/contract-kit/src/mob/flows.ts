import type { FlowDefinition, FlowLimits, FlowStep, MobDefinition, MobHandle } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { unavailable } from '../faulty-storage.js';
import type { MobChapter } from './mob-chapter.js';
import { type Answer, Gate, kitModel } from './model.js';
import { crew, ledgerOf, type Played, type Stage } from './stage.js';

export const flowsChapter: MobChapter = { name: 'flows', tests };

const work: FlowStep = { role: 'worker', message: 'work' };
const json: FlowStep = { ...work, output_format: 'json' };

function withFlow(flow: FlowDefinition, more: Partial<MobDefinition> = {}): MobDefinition {
  return { ...crew, ...more, flows: { f: flow } };
}

function tests(stage: () => Stage): void {
  /** Opens a mob of two workers with a flow. */
  const open = async (flow: FlowDefinition, answer?: Answer, more: Partial<MobDefinition> = {}) => {
    const played = await stage().open({
      definition: withFlow(flow, more),
      ...(answer && { model: kitModel(answer) }),
    });
    for (const identity of ['w1', 'w2']) await played.mob.spawn({ identity, profile: 'worker' });
    return played;
  };
  const end = async ({ mob }: Played, params?: unknown) => mob.flowEnd(await mob.runFlow('f', params));

  it('[engine.flow-kept] keeps a run before it answers, and fails a step whose role nobody has', async () => {
    const played = await stage().open({ definition: withFlow({ steps: { one: work } }) });
    const run = await played.mob.runFlow('f', { a: 1 });
    expect(await played.mob.flowRun(run)).toMatchObject({ runId: run, flowId: 'f', params: { a: 1 } });
    expect(await played.mob.flowEnd(run)).toMatchObject({ status: 'failed' });
    expect(await stepKinds(played.mob)).toContain('step_failed one');
    await expect(played.mob.runFlow('nothing')).rejects.toMatchObject({ code: 'MOB_FLOW_NOT_FOUND' });
    stage().storage.beforeCommit = () => {
      throw unavailable();
    };
    await expect(played.mob.runFlow('f')).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
    stage().storage.beforeCommit = () => {};
    expect(await played.mob.flowRuns()).toMatchObject([{ runId: run }]);
    const provisioned = await played.mob.runFlow('f', {}, { provision: true });
    expect(await played.mob.flowEnd(provisioned)).toMatchObject({ status: 'completed' });
    expect(played.mob.members()[0]?.identity).toMatch(/^__flow_/);
  });

  it('[engine.fan-out] gives a step to everybody of its role and keys what they answer by their names', async () => {
    const played = await open({ steps: { one: work } }, (_said, { agent }) => `I am ${agent.identity}`);
    expect(await end(played)).toMatchObject({
      status: 'completed',
      outputs: { one: { w1: 'I am w1', w2: 'I am w2' } },
    });
    const kinds = await stepKinds(played.mob);
    expect(kinds.filter((kind) => kind === 'step_target_completed one')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'step_completed one')).toHaveLength(1);
  });

  it('[engine.dispatch] gives a step to the first by name alone, or gathers everybody in a list', async () => {
    const flow = {
      steps: {
        single: { ...work, dispatch_mode: 'one_to_one' as const },
        list: { ...work, dispatch_mode: 'fan_in' as const },
      },
    };
    const played = await open(flow, (_said, { agent }) => agent.identity);
    expect((await end(played)).outputs).toEqual({
      single: { w1: 'w1' },
      list: [
        { target: 'w1', output: 'w1' },
        { target: 'w2', output: 'w2' },
      ],
    });
  });

  it('[engine.collection] completes by one, by a quorum or by all, and fails with too few members for a quorum', async () => {
    const one = (policy: FlowStep['collection_policy'] & object) => ({
      steps: { one: { ...json, collection_policy: policy } },
    });
    const half: Answer = (_said, { agent }) => (agent.identity === 'w1' ? '"yes"' : 'not json');
    const any = await open(one({ type: 'any' }), half);
    expect(await end(any)).toMatchObject({ status: 'completed', outputs: { one: 'yes' } });
    await any.mob.destroy();
    const all = await open(one({ type: 'all' }), half);
    expect(await end(all)).toMatchObject({ status: 'failed' });
    await all.mob.destroy();
    const quorum = await open(one({ type: 'quorum', n: 1 }), half);
    expect(await end(quorum)).toMatchObject({ status: 'completed' });
    await quorum.mob.destroy();
    const tooMany = await open(one({ type: 'quorum', n: 3 }), half);
    expect(await end(tooMany)).toMatchObject({ status: 'failed' });
  });

  it('[engine.branch] lets one step of a branch win, skips the others and goes on behind it', async () => {
    const when = (value: string) => ({ op: 'in' as const, path: 'params.way', values: [value, 'both'] });
    const flow = {
      steps: {
        left: { ...work, branch: 'way', condition: when('left') },
        right: { ...work, branch: 'way', condition: when('right') },
        join: { ...work, depends_on: ['left', 'right'], depends_on_mode: 'any' as const },
      },
    };
    const played = await open(flow);
    expect(await end(played, { way: 'right' })).toMatchObject({ status: 'completed' });
    const kinds = await stepKinds(played.mob);
    expect(kinds).toEqual(
      expect.arrayContaining(['step_skipped left', 'step_completed right', 'step_completed join']),
    );
    const both = await end(played, { way: 'both' });
    expect(both).toMatchObject({ status: 'completed' });
    // One of the two, and the step behind them.
    expect(Object.keys(both.outputs)).toHaveLength(2);
    expect(both.outputs).toHaveProperty('join');
  });

  it('[engine.condition] skips a step whose condition does not hold, once, and those that wait for it', async () => {
    const flow = {
      steps: {
        one: { ...work, condition: { op: 'eq' as const, path: 'params.go', value: true } },
        two: { ...work, depends_on: ['one'] },
      },
    };
    const played = await open(flow);
    expect(await end(played, { go: false })).toMatchObject({ status: 'completed', outputs: {} });
    const skipped = (await stepKinds(played.mob)).filter((kind) => kind.startsWith('step_skipped'));
    expect(skipped).toEqual(['step_skipped one', 'step_skipped two']);
    expect(played.model.requests).toEqual([]);
  });

  it('[engine.retries] asks again as often as the limit says, takes JSON in fences, and shows what was not JSON', async () => {
    const answers = ['not json', '```json\n{"ok": true}\n```'];
    const limits: FlowLimits = { max_step_retries: 1 };
    const flow = { steps: { one: { ...json, dispatch_mode: 'one_to_one' as const } } };
    const played = await open(flow, () => answers.shift() ?? 'still no json', { limits });
    expect(await end(played)).toMatchObject({ status: 'completed', outputs: { one: { w1: { ok: true } } } });
    expect(await end(played)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('still no json'),
    });
    const kinds = await stepKinds(played.mob);
    expect(kinds.filter((kind) => kind === 'step_dispatched one')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'step_target_failed one')).toHaveLength(3);
  });

  it('[engine.timeout] fails a step that takes too long, and with no room for orphans cancels its turn', async () => {
    const gate = new Gate();
    const flow = { steps: { one: { ...work, dispatch_mode: 'one_to_one' as const, timeout_ms: 1_000 } } };
    const played = await open(flow, async () => (await gate.wait(), 'late'), {
      limits: { max_orphaned_turns: 0 },
    });
    const run = await played.mob.runFlow('f');
    await gate.reached;
    stage().clock.advance(1_000);
    const ended = await played.mob.flowEnd(run);
    expect(ended).toMatchObject({ status: 'failed', reason: expect.stringContaining('after 1000ms') });
    gate.open();
    await played.mob.whenIdle();
    expect(played.events.at(-1)?.payload).toMatchObject({ type: 'run_failed', error_class: 'cancelled' });
  });

  it('[engine.duration] fails a run that takes longer than the limit', async () => {
    const gate = new Gate();
    const limits = { max_flow_duration_ms: 500 };
    const played = await open({ steps: { one: work } }, async () => (await gate.wait(), 'late'), { limits });
    const run = await played.mob.runFlow('f');
    await gate.reached;
    stage().clock.advance(500);
    expect(await played.mob.flowEnd(run)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('duration'),
    });
    gate.open();
  });

  it('[engine.topology] denies a step before it begins where the policy is strict, and tells of a violation in both modes', async () => {
    const rules = [
      { from_role: '*', to_role: 'worker', allowed: true },
      { from_role: 'lead', to_role: '*', allowed: false },
    ];
    const strict = await open({ steps: { one: work } }, undefined, { topology: { mode: 'strict', rules } });
    expect(await end(strict)).toMatchObject({ status: 'failed' });
    expect(strict.model.requests).toEqual([]);
    expect(await violations(strict.mob)).toBe(1);
    await strict.mob.destroy();
    const advisory = await open({ steps: { one: work } }, undefined, {
      topology: { mode: 'advisory', rules },
    });
    expect(await end(advisory)).toMatchObject({ status: 'completed' });
    expect(await violations(advisory.mob)).toBe(1);
  });

  it('[engine.templates] fills paths in, takes what is not there yet for null, and fails a step whose template is wrong with its place', async () => {
    const filled = await open({
      steps: { one: { ...work, message: 'for {{ params.who }}, {{ steps.none.x }}' } },
    });
    expect(await end(filled, { who: 'Ada' })).toMatchObject({ status: 'completed' });
    expect(JSON.stringify(filled.model.requests[0]?.messages)).toContain('for Ada, null');
    expect(await end(filled, { other: 1 })).toMatchObject({ status: 'failed' });
    await filled.mob.destroy();
    const open2 = await open({ steps: { one: { ...work, message: 'line one\nand {{ params.a' } } }).catch(
      (error: unknown) => error,
    );
    // An engine may refuse the definition; one that does not fails the step. Either names the place.
    const told =
      open2 instanceof Error ? open2.message : String((await end(open2 as Played, { a: 1 })).reason);
    expect(told).toMatch(/line 2/i);
  });

  it('[engine.schema] fails a step whose output is not what its schema says', async () => {
    const schema = JSON.stringify({ type: 'object', additionalProperties: { type: 'number' } });
    const flow = { steps: { one: { ...work, expected_schema_ref: schema } } };
    const answers: Record<string, string> = { w1: '1', w2: '2' };
    const played = await open(flow, (_said, { agent }) => answers[agent.identity] ?? '');
    expect(await end(played)).toMatchObject({ status: 'completed', outputs: { one: { w1: 1, w2: 2 } } });
    answers['w2'] = '"two"';
    expect(await end(played)).toMatchObject({ status: 'failed' });
  });

  it('[engine.loop] repeats until its condition holds, fails when it is used up, and stops at a body that fails', async () => {
    const loop = (step: FlowStep): FlowDefinition => ({
      steps: { try: { ...step, dispatch_mode: 'one_to_one' } },
      root: {
        nodes: {
          again: {
            kind: 'repeat_until',
            loop_id: 'again',
            body: { nodes: { try: { kind: 'step', step_id: 'try' } } },
            until: { op: 'eq', path: 'steps.try.w1', value: 3 },
            max_iterations: 4,
          },
        },
      },
    });
    let count = 0;
    const played = await open(loop(json), () => String((count += 1)));
    const ended = await end(played);
    expect(ended).toMatchObject({ status: 'completed' });
    expect(ended.loopOutputs['again']).toHaveLength(3);
    expect(await end(played)).toMatchObject({ status: 'failed' });
    expect(count).toBe(7);
    await played.mob.destroy();
    const failing = await open(loop(json), () => 'not json');
    expect(await end(failing)).toMatchObject({ status: 'failed' });
    expect(failing.model.requests).toHaveLength(1);
  });

  it('[engine.cancel] ends a run once, in good time or after the grace, and does nothing to one that is over', async () => {
    const gate = new Gate();
    const played = await open({ steps: { one: work } }, async () => (await gate.wait(), 'late'));
    const run = await played.mob.runFlow('f');
    await gate.reached;
    const canceled = played.mob.cancelFlow(run);
    stage().clock.advance(5_000);
    await canceled;
    gate.open();
    expect(await played.mob.flowRun(run)).toMatchObject({ status: 'canceled' });
    await played.mob.cancelFlow(run);
    await played.mob.cancelFlow('nothing');
    expect(await terminals(played.mob)).toEqual(['flow_canceled']);
  });

  it('[engine.escalation] tells the supervisor when so many steps failed in a row, not before', async () => {
    const failing = { ...json, failure_policy: 'continue' as const };
    const flow = { steps: { one: failing, two: { ...failing, depends_on: [] } } };
    const supervisor = { role: 'lead', escalation_threshold: 2 };
    const played = await open(flow, () => 'not json', { supervisor });
    await played.mob.spawn({ identity: 'boss', profile: 'lead' });
    await end(played);
    await played.mob.whenIdle();
    const told = (await ledgerOf(played.mob)).filter(({ kind }) => kind.type === 'supervisor_escalation');
    expect(told).toMatchObject([{ kind: { escalated_to: 'boss' } }]);
    expect(played.model.requests.filter(({ agent }) => agent.identity === 'boss')).toHaveLength(1);
    expect(played.mob.members()).toHaveLength(3);
    await played.mob.destroy();
    const between = { steps: { a: failing, b: { ...failing, message: 'well' }, c: failing } };
    const answer: Answer = (said) => (said.includes('well') ? '"done"' : 'not json');
    const other = await open(between, answer, { supervisor, limits: { max_active_nodes: 1 } });
    await other.mob.spawn({ identity: 'boss', profile: 'lead' });
    expect(await end(other)).toMatchObject({ outputs: { b: { w1: 'done', w2: 'done' } } });
    expect((await ledgerOf(other.mob)).map(({ kind }) => kind.type)).not.toContain('supervisor_escalation');
  });

  it('[engine.overlay] offers a turn the tools of its step, and the next turn those of the profile again', async () => {
    const flow = {
      steps: { one: { ...work, dispatch_mode: 'one_to_one' as const, blocked_tools: ['send_message'] } },
    };
    const played = await open(flow);
    await end(played);
    await played.mob.send('w1', 'hello');
    await played.mob.whenIdle();
    const names = played.model.requests.map(({ tools }) => tools.map(({ name }) => name));
    expect(names[0]).not.toContain('send_message');
    expect(names[1]).toContain('send_message');
  });

  it('[engine.one-end] ends a run once whatever comes together', async () => {
    const gate = new Gate();
    const played = await open({ steps: { one: json } }, async () => (await gate.wait(), 'not json'));
    const run = await played.mob.runFlow('f');
    await gate.reached;
    const ends = [played.mob.cancelFlow(run), played.mob.cancelFlow(run), played.mob.flowEnd(run)];
    gate.open();
    stage().clock.advance(5_000);
    await Promise.all(ends);
    expect(await terminals(played.mob)).toHaveLength(1);
  });

  it('[engine.active-nodes] runs at most so many steps side by side', async () => {
    let running = 0;
    let most = 0;
    const steps = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((id) => [id, { ...work, dispatch_mode: 'one_to_one' as const }]),
    );
    const played = await open(
      { steps },
      async () => {
        most = Math.max(most, (running += 1));
        await Promise.resolve();
        running -= 1;
        return 'done';
      },
      { limits: { max_active_nodes: 1 } },
    );
    expect(await end(played)).toMatchObject({ status: 'completed' });
    const open1 = (await stepKinds(played.mob)).reduce(
      ({ now, top }, kind) => {
        const next =
          now + (kind.startsWith('step_dispatched') ? 1 : kind.startsWith('step_completed') ? -1 : 0);
        return { now: next, top: Math.max(top, next) };
      },
      { now: 0, top: 0 },
    );
    expect([most, open1.top]).toEqual([1, 1]);
  });
}

async function stepKinds(mob: MobHandle): Promise<readonly string[]> {
  return (await ledgerOf(mob)).flatMap(({ kind }) =>
    'step_id' in kind ? [`${kind.type} ${kind.step_id}`] : [],
  );
}

async function terminals(mob: MobHandle): Promise<readonly string[]> {
  const ends = ['flow_completed', 'flow_failed', 'flow_canceled'];
  return (await ledgerOf(mob)).map(({ kind }) => kind.type).filter((type) => ends.includes(type));
}

async function violations(mob: MobHandle): Promise<number> {
  return (await ledgerOf(mob)).filter(({ kind }) => kind.type === 'topology_violation').length;
}
