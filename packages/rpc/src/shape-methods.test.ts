import type { ErrorEvent } from '@mobkit/core';
import { discoveryOf, edgeDiscoveryOf } from '@mobkit/core';
import { createMobEngine, testProvider } from '@mobkit/mob';
import { bootstrapRuntime, type RuntimeParts } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { served as servedFake } from '../test/support/call.js';
import { createRpcHandler } from './rpc-handler.js';

const definition = {
  id: 'crew',
  profiles: { worker: { model: 'test', tools: { comms: true }, runtime_mode: 'turn_driven' as const } },
};

/** The methods over a runtime that really runs. */
async function served(given: Partial<RuntimeParts> = {}) {
  const { storage, metadata } = await openMemoryStores();
  const engine = createMobEngine({
    storage,
    providers: () => [testProvider()],
    allowEphemeralSessions: true,
  });
  const told: ErrorEvent[] = [];
  const onError = (event: ErrorEvent) => void told.push(event);
  const runtime = await bootstrapRuntime({ engine, definition, storage, metadata, onError, ...given });
  const rpc = createRpcHandler({ runtime });
  const call = async (method: string, params?: object) => {
    const answer = await rpc.handle({ jsonrpc: '2.0', id: 1, method: `mobkit/${method}`, params });
    return answer && 'result' in answer ? answer.result : answer?.error;
  };
  return { runtime, call, told };
}

const worker = (agent_identity: string) => ({ agent_identity, role: 'worker' });

it('[rpc.reconcile] plans and reconciles under the names of the contract, and holds to the plan that was shown', async () => {
  const { call, runtime } = await served();
  const desired = {
    members: [worker('a'), { meerkat_id: 'b', profile: 'worker' }],
    edges: [{ a: 'b', b: 'a' }],
  };
  const plan = await call('plan', desired);
  expect(plan).toMatchObject({
    mob_id: 'crew',
    empty: false,
    members: { spawn: [{ agent_identity: 'a', role: 'worker', reason: 'is desired and not there' }, {}] },
    edges: { wire: [{ a: 'a', b: 'b', heal: false }] },
    routes: { router_module_loaded: false, add: [], remove: [] },
  });
  const { plan_id } = plan as { plan_id: string };
  expect(await call('reconcile', { ...desired, expect_plan: 'another' })).toMatchObject({
    code: -32009,
    data: { kind: 'plan_stale', expected: 'another', actual: plan_id },
  });
  expect(await call('reconcile', { ...desired, expect_plan: plan_id })).toEqual({
    mob: {
      desired: ['a', 'b'],
      retained: [],
      spawned: [{ agent_identity: 'a' }, { agent_identity: 'b' }],
      retired: [],
      failures: [],
    },
    edges: {
      desired_edges: [{ a: 'a', b: 'b' }],
      wired_edges: [{ a: 'a', b: 'b' }],
      unwired_edges: [],
      retained_edges: [],
      preexisting_edges: [],
      skipped_missing_members: [],
      pruned_stale_managed_edges: [],
      failures: [],
    },
    routing: {
      router_module_loaded: false,
      active_members: ['a', 'b'],
      added_route_keys: [],
      removed_route_keys: [],
      failures: [],
    },
    complete: true,
  });
  expect(await call('plan', desired)).toMatchObject({ empty: true });
  expect(await call('reconcile', { members: [worker(' ')] })).toMatchObject({
    data: { kind: 'discovery_invalid', field: 'members[0].agent_identity' },
  });
  await runtime.shutdown();
});

it('[rpc.reconcile-modules] reconciles modules by their names, alone', async () => {
  const { call, runtime } = await served();
  expect(await call('reconcile', { modules: [] })).toEqual({
    accepted: true,
    reconciled_modules: [],
    added: 0,
  });
  expect(await call('reconcile', { modules: ['a', 7] })).toMatchObject({
    code: -32602,
    message: expect.stringContaining('modules[1]') as unknown,
  });
  expect(await call('reconcile', { modules: [], members: [] })).toMatchObject({ code: -32602 });
  await runtime.shutdown();
});

it('[rpc.rediscover] rediscovers and reconciles edges, and says when nobody says who should exist', async () => {
  const none = await served();
  expect(await none.call('rediscover')).toEqual({ status: 'no_discovery_configured' });
  await none.runtime.shutdown();
  const { call, runtime } = await served({
    discovery: discoveryOf(() => [
      { identity: 'a', profile: 'worker' },
      { identity: 'b', profile: 'worker' },
    ]),
    edgeDiscovery: edgeDiscoveryOf(() => [{ a: 'a', b: 'b' }]),
  });
  const wired = { desired_edges: [{ a: 'a', b: 'b' }], failures: [] };
  expect(await call('reconcile_edges')).toMatchObject({ ...wired, retained_edges: [{ a: 'a', b: 'b' }] });
  expect(await call('rediscover')).toMatchObject({
    spawned: ['a', 'b'],
    edges: { ...wired, wired_edges: [{ a: 'a', b: 'b' }] },
  });
  await runtime.shutdown();
});

it('[rpc.roster] finds members by a label, ensures one by it, and spawns many with an answer for each', async () => {
  const { call, fail, mob } = await servedFake();
  const lead = expect.objectContaining({ agent_identity: 'lead' }) as unknown;
  expect(await call('find_members', { label_key: 'team', label_value: 'a' })).toEqual([lead]);
  expect(await call('find_members', { label_key: 'team', label_value: 'b' })).toEqual([]);
  expect(await fail('find_members', { label_key: 'team' })).toMatchObject({ code: -32602 });
  const spec = { label_key: 'team', role: 'worker', agent_identity: 'w' };
  expect(await call('ensure_member_by_label', { ...spec, label_value: 'a' })).toEqual(lead);
  expect(await call('ensure_member_by_label', { ...spec, label_value: 'b' })).toMatchObject({
    agent_identity: 'w',
    labels: { team: 'b' },
  });
  expect(
    await call('spawn_members', { members: [worker('x'), { ...worker('y'), role: 'nobody' }] }),
  ).toMatchObject({
    accepted: true,
    members: [
      { agent_identity: 'x', member: { agent_identity: 'x', role: 'worker' } },
      { agent_identity: 'y', error: { code: -32602, data: { kind: 'profile_not_found' } } },
    ],
  });
  expect([...mob.members.keys()]).toEqual(['lead', 'w', 'x']);
});
