import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { openTestMob, testDefinition } from '../../test/open-test-mob.js';
import { flowEvents, openFlowMob, runToEnd, step } from '../../test/run-flow.js';

const json = { output_format: 'json' } as const;

it('[flow.run] keeps a run before it answers, and carries out the steps in order with what came before', async () => {
  const model = fakeModel((said, { agent }) => `${agent.identity} on ${said}`);
  const { mob } = await openFlowMob(
    {
      steps: {
        draft: step('Write of {{ params.topic }}', { dispatch_mode: 'one_to_one' }),
        review: step('Read: {{ steps.draft.output_of_single }}', { depends_on: ['draft'] }),
      },
    },
    { model },
  );
  const runId = await mob.runFlow('f', { topic: 'tides' });
  expect(await mob.flowRun(runId)).toMatchObject({ runId, flowId: 'f', params: { topic: 'tides' } });
  const run = await mob.flowEnd(runId);
  const draft = 'a on Write of tides';
  expect(run).toMatchObject({
    status: 'completed',
    outputs: { draft: { a: draft }, review: { a: `a on Read: ${draft}`, b: `b on Read: ${draft}` } },
    failures: [],
  });
  expect(await mob.flowRun(runId)).toEqual(run);
  expect(await flowEvents(mob)).toEqual([
    'flow_started',
    'step_dispatched draft a:0',
    'step_target_completed draft a:0',
    'step_completed draft',
    'step_dispatched review a:0',
    'step_dispatched review b:0',
    'step_target_completed review a:0',
    'step_target_completed review b:0',
    'step_completed review',
    'flow_completed',
  ]);
});

it('[flow.fan-out] asks every member of a role at once and keys the output by who answered', async () => {
  const gates = { a: new Gate(), b: new Gate() };
  const model = fakeModel(async (_said, { agent }) => {
    await gates[agent.identity as 'a' | 'b'].wait();
    return '{"ok": true}';
  });
  const { mob } = await openFlowMob({ steps: { s: step('go', json) } }, { model });
  const runId = await mob.runFlow('f');
  await Promise.all([gates.a.reached, gates.b.reached]);
  gates.b.open();
  gates.a.open();
  expect(await mob.flowEnd(runId)).toMatchObject({ outputs: { s: { a: { ok: true }, b: { ok: true } } } });
  const events = await flowEvents(mob);
  expect(events.filter((event) => event.startsWith('step_target_completed'))).toHaveLength(2);
  expect(events.filter((event) => event.startsWith('step_completed'))).toHaveLength(1);
});

it('[flow.dispatch-modes] asks the first member by name, or all of them for a list in the same order', async () => {
  const { mob } = await openFlowMob(
    {
      steps: {
        one: step('go', { dispatch_mode: 'one_to_one' }),
        list: step('go', { dispatch_mode: 'fan_in' }),
      },
    },
    { workers: ['c', 'a', 'b'], model: fakeModel((_said, { agent }) => `I am ${agent.identity}`) },
  );
  const { outputs } = await runToEnd(mob);
  expect(outputs).toEqual({
    one: { a: 'I am a' },
    list: ['a', 'b', 'c'].map((target) => ({ target, output: `I am ${target}` })),
  });
});

it('[flow.missing-role] fails a step whose role nobody has, and can spawn somebody for it instead', async () => {
  const flow = { steps: { s: step('go', { role: 'host' }) } };
  const { mob } = await openFlowMob(flow);
  expect(await runToEnd(mob)).toMatchObject({
    status: 'failed',
    reason: 'step "s" failed: insufficient targets: no member of role "host" can work',
  });
  const runId = await mob.runFlow('f', undefined, { provision: true });
  expect(await mob.flowEnd(runId)).toMatchObject({ status: 'completed' });
  expect(mob.member('__flow_host_f')).toMatchObject({ role: 'host', runtimeMode: 'turn_driven' });
  await mob.flowEnd(await mob.runFlow('f', undefined, { provision: true }));
  expect(mob.members().filter(({ role }) => role === 'host')).toHaveLength(1);
});

it('[flow.provision-names] spawns somebody for every role, also where two roles and flows make one name', async () => {
  const { worker } = testDefinition.profiles;
  const roles = ['a', 'a_b', `${'x'.repeat(95)}1`, `${'x'.repeat(95)}2`];
  const profiles = Object.fromEntries(roles.map((role) => [role, worker!]));
  const flowOf = (...of: readonly string[]) => ({
    steps: Object.fromEntries(of.map((role, at) => [`s${at}`, step('go', { role })])),
  });
  const flows = { c: flowOf('a_b'), b_c: flowOf('a'), long: flowOf(roles[2]!, roles[3]!) };
  const { mob } = await openTestMob({
    definition: { ...testDefinition, profiles: { ...testDefinition.profiles, ...profiles }, flows },
  });
  for (const flow of ['c', 'b_c', 'long', 'b_c']) {
    const run = await mob.flowEnd(await mob.runFlow(flow, undefined, { provision: true }));
    expect(run.reason ?? run.status).toBe('completed');
  }
  expect(
    mob
      .members()
      .map(({ role }) => role)
      .toSorted(),
  ).toEqual(roles);
});

it('[flow.refused] refuses unknown flows and params that are not plain JSON, and begins nothing', async () => {
  const { mob } = await openFlowMob({ steps: { s: step('go') } });
  await expect(mob.runFlow('g')).rejects.toMatchObject({ code: 'MOB_FLOW_NOT_FOUND' });
  await expect(mob.runFlow('toString')).rejects.toMatchObject({ code: 'MOB_FLOW_NOT_FOUND' });
  await expect(mob.runFlow('f', { at: new Date() })).rejects.toThrow(TypeError);
  await expect(mob.runFlow('f', { list: [Number.NaN] })).rejects.toThrow(/params\.list\[0\]/);
  await expect(mob.runFlow('f', { id: 2 ** 53 })).rejects.toThrow(/params\.id is 9007199254740992, beyond/);
  await expect(mob.runFlow('f', 'x'.repeat(262_143))).rejects.toThrow(/262144/);
  await expect(mob.flowEnd('nobody')).rejects.toMatchObject({ code: 'MOB_FLOW_NOT_FOUND' });
  expect(await mob.flowRuns()).toEqual([]);
  await mob.shutdown();
  await expect(mob.runFlow('g')).rejects.toMatchObject({ code: 'MOB_INVALID_TRANSITION' });
});

it('[flow.policies] needs every answer, any, or a number of them, as the step says', async () => {
  const answer = fakeModel((_said, { agent }) => {
    if (agent.identity !== 'c') throw new Error(`${agent.identity} cannot`);
    return 'yes';
  });
  const outcome = async (more: object) => {
    const { mob } = await openFlowMob(
      { steps: { s: step('go', more) } },
      { workers: ['a', 'b', 'c'], model: answer },
    );
    const { status, reason, outputs } = await runToEnd(mob);
    return [status, reason ?? outputs['s']];
  };
  expect(await outcome({})).toEqual(['failed', 'step "s" failed: a: a cannot; b: b cannot']);
  expect(await outcome({ collection_policy: { type: 'any' } })).toEqual(['completed', 'yes']);
  expect(await outcome({ collection_policy: { type: 'quorum', n: 1 } })).toEqual(['completed', { c: 'yes' }]);
  expect(await outcome({ collection_policy: { type: 'quorum', n: 2 } })).toEqual([
    'failed',
    'step "s" failed: a: a cannot; b: b cannot',
  ]);
  expect(await outcome({ collection_policy: { type: 'quorum', n: 4 } })).toEqual([
    'failed',
    'insufficient targets for step "s": it needs 4, 3 of role "worker" can work',
  ]);
});

it('[flow.early] goes on as soon as enough have answered, cancels the others and tells nothing of them that did not happen', async () => {
  const gate = new Gate();
  const model = fakeModel(async (_said, { agent, signal }) => {
    if (agent.identity !== 'c') return agent.identity;
    signal?.addEventListener('abort', () => gate.open());
    await gate.wait();
    return 'late';
  });
  const { mob } = await openFlowMob(
    { steps: { s: step('go', { collection_policy: { type: 'quorum', n: 2 } }) } },
    { workers: ['a', 'b', 'c'], model },
  );
  const run = await runToEnd(mob);
  expect(run).toMatchObject({ status: 'completed', outputs: { s: { a: 'a', b: 'b' } } });
  expect(run.steps.find(({ target }) => target?.identity === 'c')).toMatchObject({ status: 'canceled' });
  await gate.passed;
  await mob.whenIdle();
  const events = await flowEvents(mob);
  expect(events.filter((event) => event.includes('c:0'))).toEqual(['step_dispatched s c:0']);
  expect(events.at(-1)).toBe('flow_completed');
});

const is = (value: string) => ({ op: 'eq', path: 'params.kind', value }) as const;

it('[flow.branch] runs the step of a branch whose condition holds, skips the other and goes on with the join', async () => {
  const { mob } = await openFlowMob({
    steps: {
      x: step('x', { branch: 'way', condition: is('x') }),
      y: step('y', { branch: 'way', condition: is('y') }),
      join: step('join', { depends_on: ['x', 'y'], depends_on_mode: 'any' }),
    },
  });
  expect(await runToEnd(mob, { kind: 'y' })).toMatchObject({ status: 'completed' });
  const events = await flowEvents(mob);
  expect(events.filter((event) => event.startsWith('step_skipped'))).toEqual([
    'step_skipped x (condition evaluated to false)',
  ]);
  expect(events.filter((event) => event.startsWith('step_completed'))).toEqual([
    'step_completed y',
    'step_completed join',
  ]);
});

it('[flow.fallback] lets another step of a branch try when one failed; the run fails in the end unless that is tolerated', async () => {
  const model = fakeModel((said) => {
    if (said === 'x') throw new Error('no');
    return said;
  });
  const outcome = async (failure_policy: 'escalate' | 'continue') => {
    const { mob } = await openFlowMob(
      {
        steps: {
          x: step('x', { branch: 'way', condition: is('x'), failure_policy }),
          y: step('y', { branch: 'way', condition: is('x') }),
          join: step('join', { depends_on: ['x', 'y'], depends_on_mode: 'any' }),
        },
      },
      { model, workers: ['a'] },
    );
    const { status, outputs } = await runToEnd(mob, { kind: 'x' });
    return [status, Object.keys(outputs)];
  };
  expect(await outcome('escalate')).toEqual(['failed', ['y', 'join']]);
  expect(await outcome('continue')).toEqual(['completed', ['y', 'join']]);
});

it('[flow.condition-false] skips a step whose condition does not hold once, and what depends on it', async () => {
  const { mob } = await openFlowMob({
    steps: {
      a: step('a', { condition: is('x') }),
      b: step('b', { depends_on: ['a'] }),
      c: step('c'),
    },
  });
  expect(await runToEnd(mob)).toMatchObject({ status: 'completed' });
  const events = await flowEvents(mob);
  expect(events.filter((event) => event.startsWith('step_skipped'))).toEqual([
    'step_skipped a (condition evaluated to false)',
    'step_skipped b ("a" was skipped)',
  ]);
});

it('[flow.retries] tries again as often as the limits say, then fails with the start of what was said', async () => {
  const said: string[] = [];
  const flow = { steps: { s: step('go', json) } };
  const answers = (...texts: string[]) => fakeModel(() => (said.push('asked'), texts.shift() ?? 'nothing'));
  const limits = { max_step_retries: 2 };
  const works = await openFlowMob(flow, {
    workers: ['a'],
    model: answers('not', 'nor', 'Here:\n```json\n{"n": 1}\n```\n'),
    more: { limits },
  });
  expect(await runToEnd(works.mob)).toMatchObject({ outputs: { s: { a: { n: 1 } } } });
  expect(await flowEvents(works.mob)).toEqual([
    'flow_started',
    'step_dispatched s a:0',
    'step_target_failed s a:0 (the answer is not JSON: not)',
    'step_dispatched s a:0',
    'step_target_failed s a:0 (the answer is not JSON: nor)',
    'step_dispatched s a:0',
    'step_target_completed s a:0',
    'step_completed s',
    'flow_completed',
  ]);
  said.length = 0;
  const long = 'x'.repeat(300);
  const fails = await openFlowMob(flow, {
    workers: ['a'],
    model: answers(long, long, long, '{}'),
    more: { limits },
  });
  const { status, reason, steps } = await runToEnd(fails.mob);
  expect([status, reason]).toEqual([
    'failed',
    `step "s" failed: a: the answer is not JSON: ${'x'.repeat(200)}…`,
  ]);
  expect(said).toHaveLength(3);
  expect(steps.map(({ status: each }) => each)).toEqual(['failed', 'failed', 'failed', 'failed']);
});

it('[flow.output-format] takes answers as JSON when the step has a schema, else as text', async () => {
  const schema = { expected_schema_ref: '{"type": "object"}' };
  const { mob } = await openFlowMob(
    {
      steps: {
        text: step('go'),
        parsed: step('go', schema),
        kept: step('go', { ...schema, output_format: 'text' }),
      },
    },
    { workers: ['a'], model: fakeModel(() => '{"n": 1}') },
  );
  expect((await runToEnd(mob)).outputs).toEqual({
    text: { a: '{"n": 1}' },
    parsed: { a: { n: 1 } },
    kept: { a: '{"n": 1}' },
  });
});

it('[flow.schema] fails a step whose output is not what its schema says, as a whole', async () => {
  const properties = { a: { type: 'object', required: ['n'] } };
  const expected_schema_ref = JSON.stringify({ type: 'object', properties });
  const { mob } = await openFlowMob(
    { steps: { s: step('go', { expected_schema_ref }) } },
    { model: fakeModel(() => '{"m": 1}') },
  );
  const { reason } = await runToEnd(mob);
  expect(reason).toContain('the output does not match the schema: /a must have required property');
  expect((await flowEvents(mob)).filter((event) => event.startsWith('step_completed'))).toEqual([]);
});

it('[flow.independent] lets steps that do not depend on a failed one go on', async () => {
  const model = fakeModel((said) => {
    if (said === 'a') throw new Error('no');
    return said;
  });
  const { mob } = await openFlowMob(
    {
      steps: {
        a: step('a'),
        b: step('b'),
        c: step('c', { depends_on: ['b'] }),
        d: step('d', { depends_on: ['a'] }),
      },
    },
    { workers: ['w'], model },
  );
  const run = await runToEnd(mob);
  expect(run).toMatchObject({ status: 'failed', reason: 'step "a" failed: w: no' });
  expect(Object.keys(run.outputs)).toEqual(['b', 'c']);
  expect(run.failures).toMatchObject([{ stepId: 'a', reason: 'w: no' }]);
});

it('[flow.side-by-side] runs flows side by side and lists their runs, the newest first', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said) => (said === 'slow' && (await gate.wait()), said));
  const { mob } = await openFlowMob(
    { steps: { s: step('{{ params }}', { dispatch_mode: 'one_to_one' }) } },
    { model },
  );
  await mob.spawn({ identity: 'z', profile: 'worker' });
  const first = await mob.runFlow('f', 'slow');
  await gate.reached;
  await mob.retire('b');
  const second = await mob.runFlow('f', 'fast');
  expect((await mob.flowRuns()).map(({ runId }) => runId)).toEqual([second, first]);
  expect((await mob.flowRuns({ status: 'running', limit: 1 })).map(({ runId }) => runId)).toHaveLength(1);
  gate.open();
  await mob.flowEnd(first);
  await mob.flowEnd(second);
  expect(await mob.flowRuns({ flowId: 'f', status: 'completed' })).toHaveLength(2);
  expect(await mob.flowRuns({ flowId: 'g' })).toEqual([]);
});

it('[flow.incarnation] tells of the incarnation that was asked, not of the first', async () => {
  const { mob } = await openFlowMob({ steps: { s: step('go') } }, { workers: ['a'] });
  await mob.retire('a');
  await mob.spawn({ identity: 'a', profile: 'worker' });
  await runToEnd(mob);
  expect(await flowEvents(mob)).toContain('step_dispatched s a:1');
});

it('[flow.correlated] gives every turn of a run the id of the run', async () => {
  const { mob, events } = await openFlowMob({ steps: { s: step('go') } });
  const { runId } = await runToEnd(mob);
  expect(new Set(events.map(({ interactionId }) => interactionId))).toEqual(new Set([runId]));
});
