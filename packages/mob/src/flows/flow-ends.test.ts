import { FaultyStorage, ManualClock, unavailable } from '@mobkit/contract-kit';
import type { FlowDefinition, LlmProvider } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { memoryStorage } from '../../test/open-test-mob.js';
import { flowEvents, openFlowMob, runToEnd, step } from '../../test/run-flow.js';

/** Works on every message until it is aborted; `reached` tells that it began. */
function hanging() {
  const gate = new Gate();
  const aborted: string[] = [];
  const model = fakeModel(async (_said, request) => {
    const cut = new Promise<never>((_resolve, reject) => {
      request.signal?.addEventListener('abort', () => {
        aborted.push(request.agent.identity);
        reject(request.signal?.reason as Error);
      });
    });
    gate.open();
    void gate.wait();
    return cut;
  });
  return { model, reached: gate.reached, aborted };
}

const solo = { workers: ['a'] };

it('[flow.timeout] fails a step that takes too long, lets its turn go on within the budget, and gives that back when it ends', async () => {
  const clock = new ManualClock(1_000);
  const gates: Gate[] = [];
  let gate = new Gate();
  const model = fakeModel(async () => {
    gates.push(gate);
    await gate.wait();
    return 'late';
  });
  const { mob } = await openFlowMob(
    { steps: { s: step('hang', { timeout_ms: 50 }) } },
    { ...solo, model, clock, more: { limits: { max_orphaned_turns: 1, max_step_retries: 3 } } },
  );
  for (let round = 0; round < 2; round += 1) {
    gate = new Gate();
    const runId = await mob.runFlow('f');
    await gate.reached;
    clock.advance(50);
    expect(await mob.flowEnd(runId)).toMatchObject({
      status: 'failed',
      reason: 'step "s" failed: a: timeout after 50ms',
    });
    gate.open();
    await mob.whenIdle();
  }
  expect(gates).toHaveLength(2);
});

it('[flow.timeout-cancels] cancels a turn that takes too long when no more may go on alone', async () => {
  const clock = new ManualClock(1_000);
  const { model, reached, aborted } = hanging();
  const { mob } = await openFlowMob(
    { steps: { s: step('hang', { timeout_ms: 50 }) } },
    { ...solo, model, clock, more: { limits: { max_orphaned_turns: 0 } } },
  );
  const runId = await mob.runFlow('f');
  await reached;
  clock.advance(50);
  expect(await mob.flowEnd(runId)).toMatchObject({
    reason: 'step "s" failed: a: timeout + canceled after 50ms',
  });
  await mob.whenIdle();
  expect(aborted).toEqual(['a']);
});

it('[flow.orphan-share] lets one run leave no more than half of the allowed turns behind', async () => {
  const clock = new ManualClock(1_000);
  let asked = 0;
  const all = new Gate();
  const model = fakeModel(async (_said, { signal }) => {
    asked += 1;
    if (asked === 3) all.open();
    if (asked === 3) void all.wait();
    return new Promise<never>((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  const { mob } = await openFlowMob(
    { steps: { s: step('hang', { timeout_ms: 50 }) } },
    { workers: ['a', 'b', 'c'], model, clock, more: { limits: { max_orphaned_turns: 4 } } },
  );
  const runId = await mob.runFlow('f');
  await all.reached;
  clock.advance(50);
  const { reason = '' } = await mob.flowEnd(runId);
  expect(reason.match(/timeout after/g)).toHaveLength(2);
  expect(reason.match(/timeout \+ canceled after/g)).toHaveLength(1);
  await mob.shutdown({ deadlineMs: 0 });
});

it('[flow.max-duration] fails a run that takes longer than a run may, and cancels what is under way', async () => {
  const clock = new ManualClock(1_000);
  const { model, reached, aborted } = hanging();
  const { mob } = await openFlowMob(
    { steps: { s: step('hang'), after: step('x', { depends_on: ['s'] }) } },
    { ...solo, model, clock, more: { limits: { max_flow_duration_ms: 100 } } },
  );
  const runId = await mob.runFlow('f');
  await reached;
  clock.advance(100);
  expect(await mob.flowEnd(runId)).toMatchObject({ status: 'failed', reason: 'max flow duration exceeded' });
  expect(aborted).toEqual(['a']);
  expect(await flowEvents(mob)).toEqual([
    'flow_started',
    'step_dispatched s a:0',
    'flow_failed (max flow duration exceeded)',
  ]);
});

const topology = (
  mode: 'strict' | 'advisory',
  ...rules: readonly (readonly [string, string, boolean])[]
) => ({
  topology: { mode, rules: rules.map(([from_role, to_role, allowed]) => ({ from_role, to_role, allowed })) },
});

it('[flow.topology-strict] dispatches nothing that the topology denies, says so, and fails the run; the last rule that matches decides', async () => {
  const outcome = async (...rules: readonly (readonly [string, string, boolean])[]) => {
    const { mob } = await openFlowMob(
      { steps: { s: step('go', { failure_policy: 'continue' }) } },
      {
        ...solo,
        more: topology('strict', ...rules),
      },
    );
    await runToEnd(mob);
    return flowEvents(mob);
  };
  const denied = await outcome(['*', 'worker', true], ['lead', '*', false]);
  expect(denied).toEqual([
    'flow_started',
    'topology_violation lead->worker',
    'step_failed s (the topology does not let "lead" give work to "worker")',
    'flow_failed (the topology does not let "lead" give work to "worker")',
  ]);
  expect((await outcome(['lead', '*', false], ['*', 'worker', true])).at(-1)).toBe('flow_completed');
  expect((await outcome(['worker', '*', false])).at(-1)).toBe('flow_completed');
});

it('[flow.topology-advisory] says what the topology does not want, and goes on', async () => {
  const { mob } = await openFlowMob(
    { steps: { s: step('go') } },
    { ...solo, more: topology('advisory', ['lead', 'worker', false]) },
  );
  expect(await runToEnd(mob)).toMatchObject({ status: 'completed' });
  expect((await flowEvents(mob)).slice(0, 3)).toEqual([
    'flow_started',
    'topology_violation lead->worker',
    'step_dispatched s a:0',
  ]);
});

it('[flow.broken-template] fails the step of a broken template by its place, before anybody is asked', async () => {
  const { mob } = await openFlowMob({ steps: { s: step('a\n{{ params') } });
  expect(await runToEnd(mob)).toMatchObject({
    reason: 'step "s" failed: Line 2, column 1 (byte 2) of the message: "{{" is not closed',
  });
  expect((await flowEvents(mob)).some((event) => event.startsWith('step_dispatched'))).toBe(false);
});

const looped = (max_iterations: number): FlowDefinition => ({
  steps: {
    draft: step('draft after {{ steps.review }}'),
    review: step('read {{ steps.draft }}'),
    end: step('end'),
  },
  root: {
    nodes: {
      revise: {
        kind: 'repeat_until',
        loop_id: 'revise',
        body: {
          nodes: {
            draft: { kind: 'step', step_id: 'draft' },
            review: { kind: 'step', step_id: 'review', depends_on: ['draft'] },
          },
        },
        until: { op: 'eq', path: 'steps.review.a', value: 'good' },
        max_iterations,
      },
      end: { kind: 'step', step_id: 'end', depends_on: ['revise'] },
    },
  },
});

it('[flow.repeat-until] repeats until its condition holds, each iteration knowing the last, and keeps what each came to', async () => {
  let reviews = 0;
  const model = fakeModel((said) => {
    if (!said.startsWith('read')) return said;
    reviews += 1;
    return reviews === 2 ? 'good' : 'bad';
  });
  const { mob } = await openFlowMob(looped(3), { ...solo, model });
  expect(await runToEnd(mob)).toMatchObject({
    status: 'completed',
    outputs: { end: { a: 'end' } },
    loopOutputs: {
      revise: [
        { draft: { a: 'draft after null' }, review: { a: 'bad' } },
        { draft: { a: 'draft after {"a":"bad"}' }, review: { a: 'good' } },
      ],
    },
  });
});

it('[flow.loop-exhausted] fails when a loop is used up, and at once when an iteration fails', async () => {
  const used = await openFlowMob(looped(2), { ...solo, model: fakeModel(() => 'bad') });
  const run = await runToEnd(used.mob);
  const reason = 'its condition did not hold after 2 iterations';
  expect(run).toMatchObject({ status: 'failed', reason: `loop "revise" failed: ${reason}` });
  expect(run.failures).toMatchObject([{ stepId: 'revise', reason }]);
  expect(await flowEvents(used.mob)).toContain('step_skipped end ("revise" failed)');

  const model = fakeModel((said) => {
    if (said.startsWith('read')) throw new Error('no');
    return said;
  });
  const broken = await openFlowMob(looped(5), { ...solo, model });
  expect(await runToEnd(broken.mob)).toMatchObject({ reason: 'step "review" failed: a: no' });
  expect((await flowEvents(broken.mob)).filter((event) => event === 'step_completed draft')).toHaveLength(1);
});

it('[flow.cancel] cancels what is under way, waits for it, and ends the run as canceled; again, it does nothing', async () => {
  const { model, reached, aborted } = hanging();
  const { mob } = await openFlowMob(
    { steps: { s: step('hang'), after: step('x', { depends_on: ['s'] }) } },
    { ...solo, model },
  );
  const runId = await mob.runFlow('f');
  await reached;
  await mob.cancelFlow(runId);
  expect(aborted).toEqual(['a']);
  const run = await mob.flowRun(runId);
  expect(run).toMatchObject({ status: 'canceled' });
  expect(run?.steps).toMatchObject([
    { stepId: 's', status: 'canceled' },
    { stepId: 's', status: 'canceled' },
  ]);
  await mob.cancelFlow(runId);
  await mob.cancelFlow('nobody');
  expect(await flowEvents(mob)).toEqual(['flow_started', 'step_dispatched s a:0', 'flow_canceled']);
});

it('[flow.cancel-forced] ends a cancelled run after its grace although a turn does not let go', async () => {
  const clock = new ManualClock(1_000);
  const storage = new FaultyStorage(await memoryStorage());
  const { model, reached } = hanging();
  const { mob } = await openFlowMob(
    { steps: { s: step('hang') } },
    { ...solo, model, storage, clock, more: { limits: { cancel_grace_timeout_ms: 700 } } },
  );
  const runId = await mob.runFlow('f');
  await reached;
  // The end of the turn cannot be kept, so it has none.
  storage.beforeCommit = ({ appends: logs = [] }) => {
    if (logs.some(({ log }) => log.name === 'session_transcript')) throw unavailable();
  };
  const cancelled = mob.cancelFlow(runId);
  await Promise.resolve();
  clock.advance(699);
  expect((await mob.flowRun(runId))?.status).toBe('running');
  clock.advance(1);
  await cancelled;
  expect(await mob.flowRun(runId)).toMatchObject({ status: 'canceled' });
  storage.beforeCommit = () => {};
  clock.advance(60_000);
  await mob.whenIdle();
  expect((await flowEvents(mob)).at(-1)).toBe('flow_canceled');
});

it('[flow.cancel-over] leaves a run that is over as it is', async () => {
  const { mob } = await openFlowMob({ steps: { s: step('go') } });
  const run = await runToEnd(mob);
  await mob.cancelFlow(run.runId);
  expect(await mob.flowRun(run.runId)).toEqual(run);
  expect((await flowEvents(mob)).at(-1)).toBe('flow_completed');
});

const failing = fakeModel((said) => {
  if (said.startsWith('fail')) throw new Error('no');
  return 'ok';
});
const supervised = (escalation_threshold: number, more: object = {}) => ({
  supervisor: { role: 'lead', escalation_threshold, ...more },
});
const failures = (count: number): FlowDefinition => ({
  steps: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`s${at}`, step(`fail ${at}`, { failure_policy: 'continue' })]),
  ),
});

it('[flow.supervisor] tells the supervisor when so many steps failed in a row, and nobody before', async () => {
  const below = await openFlowMob(failures(1), { ...solo, model: failing, more: supervised(2) });
  await below.mob.spawn({ identity: 'boss', profile: 'lead' });
  await runToEnd(below.mob);
  expect((await flowEvents(below.mob)).some((event) => event.startsWith('supervisor'))).toBe(false);

  const at = await openFlowMob(failures(2), { ...solo, model: failing, more: supervised(2) });
  await at.mob.spawn({ identity: 'boss', profile: 'lead' });
  expect(await runToEnd(at.mob)).toMatchObject({ status: 'completed' });
  expect(await flowEvents(at.mob)).toContain('supervisor_escalation s1 boss');
  expect(
    at.events.find(({ payload }) => payload.type === 'run_started' && payload.prompt.includes('2 steps')),
  ).toMatchObject({
    source: { identity: 'boss' },
    payload: { prompt: expect.stringMatching(/step: s1\nreason: a: no$/) },
  });
  expect(at.mob.members()).toHaveLength(2);
});

it('[flow.supervisor-reset] retires everybody after the supervisor was told, when the mob wants that', async () => {
  const { mob } = await openFlowMob(failures(1), {
    ...solo,
    model: failing,
    more: supervised(1, { on_escalation: 'reset' }),
  });
  await mob.spawn({ identity: 'boss', profile: 'lead' });
  await runToEnd(mob);
  expect(mob.members()).toEqual([]);
});

it('[flow.supervisor-hung] fails the run when the supervisor does not answer in time, is not there, or fails, unless the failure is tolerated', async () => {
  const clock = new ManualClock(1_000);
  const boss = hanging();
  const { client } = boss.model;
  const model: LlmProvider = {
    supports: () => true,
    client: {
      ...client,
      stream: (request) => (request.agent.identity === 'boss' ? client : failing.client).stream(request),
    },
  };
  const flow = { steps: { s: step('fail') } };
  const hung = await openFlowMob(flow, {
    ...solo,
    model,
    clock,
    more: supervised(1, { escalation_turn_timeout_ms: 2_000 }),
  });
  await hung.mob.spawn({ identity: 'boss', profile: 'lead' });
  const runId = await hung.mob.runFlow('f');
  await boss.reached;
  clock.advance(2_000);
  expect(await hung.mob.flowEnd(runId)).toMatchObject({
    status: 'failed',
    reason: 'the supervisor could not be told of step "s": "boss" did not answer within 2000ms',
  });
  expect((await flowEvents(hung.mob)).some((event) => event.startsWith('supervisor'))).toBe(false);

  const absent = await openFlowMob(flow, { ...solo, model: failing, more: supervised(1) });
  expect(await runToEnd(absent.mob)).toMatchObject({
    reason: 'the supervisor could not be told of step "s": no member of role "lead" can work',
  });
  const tolerated = await openFlowMob(failures(1), { ...solo, model: failing, more: supervised(1) });
  const run = await runToEnd(tolerated.mob);
  expect(run).toMatchObject({ status: 'completed' });
  expect(run.failures).toMatchObject([{ stepId: 's0' }, { stepId: 's0', reason: /supervisor/ }]);
});

it('[flow.overlay] limits the tools of a turn for that turn only, and refuses to do so for members that work on their own', async () => {
  const offered: (readonly string[])[] = [];
  const model = fakeModel((_said, request) => {
    offered.push(request.tools.map(({ name }) => name).toSorted());
    return 'ok';
  });
  const { mob } = await openFlowMob(
    {
      steps: {
        s: step('go', { allowed_tools: ['peers'] }),
        t: step('go', { depends_on: ['s'], blocked_tools: ['peers'] }),
        u: step('go', { depends_on: ['t'] }),
      },
    },
    { ...solo, model },
  );
  await runToEnd(mob);
  expect(offered[0]).toEqual(['peers']);
  expect(offered[1]).not.toContain('peers');
  expect(offered[2]).toEqual([...(offered[1] ?? []), 'peers'].toSorted());

  const own = await openFlowMob({ steps: { s: step('go', { role: 'host', blocked_tools: ['peers'] }) } });
  await own.mob.spawn({ identity: 'h', profile: 'host' });
  await own.mob.whenIdle();
  expect((await runToEnd(own.mob)).reason).toContain('tools cannot be chosen for "h"');
  expect((await flowEvents(own.mob)).some((event) => event.startsWith('step_dispatched'))).toBe(false);
});

it('[flow.parallel-limit] asks for no more steps at once than the limits allow', async () => {
  let running = 0;
  let most = 0;
  const model = fakeModel(async (said) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return said;
  });
  const steps = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, step(id, { role: `r-${id}` })]));
  const profile = { model: 'fake', tools: { comms: true }, runtime_mode: 'turn_driven' } as const;
  const profiles = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [`r-${id}`, profile]));
  const most_of = async (limit: number) => {
    most = 0;
    const { mob } = await openFlowMob(
      { steps },
      {
        workers: [],
        model,
        more: { profiles: { ...profiles, lead: profile }, limits: { max_active_nodes: limit } },
      },
    );
    await mob.flowEnd(await mob.runFlow('f', undefined, { provision: true }));
    return most;
  };
  expect(await most_of(2)).toBe(2);
  expect(await most_of(0)).toBe(4);
});
