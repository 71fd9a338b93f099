import { expect, it } from 'vitest';

import {
  type AgentDiscoverySpec,
  agentDiscoverySpecsFromJson,
  agentDiscoverySpecToJson,
  checkAgentDiscoverySpecs,
  desiredPeerEdge,
  desiredPeerEdges,
  desiredShapeFromJson,
  type DiscoveryContext,
  discoveryOf,
  DiscoveryWatchers,
  edgeDiscoveryOf,
  MobError,
} from './index.js';
import { definitionEdges, type MobDefinition, spawnSpecOf } from './mob/index.js';

const whole: AgentDiscoverySpec = {
  identity: 'worker-1',
  profile: 'worker',
  labels: { team: 'a' },
  context: { nested: [1, { deep: null }], text: 'x' },
  additionalInstructions: ['be brief'],
  resumeSessionId: 's-1',
};

it('[discovery.json] reads what it wrote, leaves out what is absent, and takes the older spellings', () => {
  const wire = JSON.parse(JSON.stringify(agentDiscoverySpecToJson(whole))) as unknown;
  expect(wire).toEqual({
    agent_identity: 'worker-1',
    role: 'worker',
    labels: { team: 'a' },
    context: { nested: [1, { deep: null }], text: 'x' },
    additional_instructions: ['be brief'],
    resume_session_id: 's-1',
  });
  expect(agentDiscoverySpecsFromJson([wire])).toEqual([whole]);

  const minimal = { identity: 'a', profile: 'b' };
  expect(agentDiscoverySpecToJson(minimal)).toEqual({ agent_identity: 'a', role: 'b' });
  expect(agentDiscoverySpecToJson({ ...minimal, labels: {}, additionalInstructions: [] })).toEqual({
    agent_identity: 'a',
    role: 'b',
  });
  const older = [
    { meerkat_id: 'a', profile: 'b', labels: null, resume_session_id: null },
    { identity: 'c', role: 'd', agent_identity: null },
  ];
  expect(agentDiscoverySpecsFromJson(older)).toEqual([minimal, { identity: 'c', profile: 'd' }]);
});

it.each([
  [{}, 'specs', 'is not a list of agents'],
  [[whole, 'two'], 'specs[1]', 'is not an object'],
  [[{ profile: 'p' }], 'specs[0].identity', 'is missing'],
  [[{ identity: ' ', profile: 'p' }], 'specs[0].identity', 'is not an identity'],
  [[{ identity: '__flow_x', profile: 'p' }], 'specs[0].identity', 'is reserved'],
  [[whole, { identity: 'worker-1', profile: 'p' }], 'specs[1].identity', 'as specs[0].identity'],
  [[{ identity: 'a', profile: ' ' }], 'specs[0].profile', 'is missing or blank'],
  [[{ identity: 'a', profile: 'p', label: {} }], 'specs[0].label', 'is unknown: identity, profile, labels'],
  [[{ identity: 'a', profile: 'p', labels: { x: 1 } }], 'specs[0].labels.x', 'is no text'],
  [[{ identity: 'a', profile: 'p', labels: { x: '\0' } }], 'specs[0].labels.x', 'cannot be kept'],
  [[{ identity: 'a', profile: 'p', labels: [] }], 'specs[0].labels', 'is not an object of texts'],
  [
    [{ identity: 'a', profile: 'p', context: { at: new Date(0) } }],
    'specs[0].context.at',
    'JSON cannot hold',
  ],
  [[{ identity: 'a', profile: 'p', context: [NaN] }], 'specs[0].context[0]', 'is NaN'],
  [[{ identity: 'a', profile: 'p', additionalInstructions: 'x' }], 'specs[0].additionalInstructions', 'list'],
  [[{ identity: 'a', profile: 'p', additionalInstructions: [1] }], 'specs[0].additionalInstructions[0]', ''],
  [
    [{ identity: 'a', profile: 'p', resumeSessionId: ' ' }],
    'specs[0].resumeSessionId',
    'the id of a session',
  ],
])('[discovery.checked] refuses %j at %s', (specs, field, message) => {
  const refused = expect.objectContaining({
    code: 'MOB_DISCOVERY_INVALID',
    message: expect.stringContaining(message) as string,
    details: expect.objectContaining({ field }) as object,
  }) as Error;
  expect(() => checkAgentDiscoverySpecs(specs)).toThrow(refused);
});

it('[discovery.checked] says in the spelling that was given where a JSON form is wrong, and in which agent', () => {
  const first = { agent_identity: 'a', role: 'p' };
  const error = (given: object) => {
    try {
      agentDiscoverySpecsFromJson([first, given], 'agents');
    } catch (thrown) {
      return (thrown as { details: unknown }).details;
    }
    return undefined;
  };
  expect(error({ meerkat_id: 'a', role: 'p' })).toEqual({ field: 'agents[1].meerkat_id', index: 1 });
  expect(error({ agent_identity: 'b', role: 'p', profile: 'p' })).toEqual({
    field: 'agents[1].profile',
    index: 1,
  });
  expect(error({ agent_identity: 'b', role: 'p', resumeSessionId: 's' })).toEqual({
    field: 'agents[1].resumeSessionId',
    index: 1,
  });
});

it('[discovery.checked] copies what it checked, so that nobody changes it afterwards', () => {
  const context = { list: [1] };
  const [checked] = checkAgentDiscoverySpecs([{ identity: 'a', profile: 'p', context }]);
  context.list.push(2);
  expect(checked?.context).toEqual({ list: [1] });
});

it('[discovery.spawn] maps every field to what is spawned, and an absent or empty one to none', () => {
  expect(spawnSpecOf(whole)).toEqual({
    identity: 'worker-1',
    profile: 'worker',
    labels: { team: 'a' },
    context: { nested: [1, { deep: null }], text: 'x' },
    additionalInstructions: ['be brief'],
    launch: { mode: 'resume', sessionId: 's-1' },
  });
  const minimal = { identity: 'a', profile: 'b' };
  expect(Object.keys(spawnSpecOf({ ...minimal, additionalInstructions: [] }))).toEqual([
    'identity',
    'profile',
  ]);
});

it('[discovery.edge] has one form for an edge, whichever way round and however often it is given', () => {
  expect(desiredPeerEdge(' b', 'a\n')).toEqual({ a: 'a', b: 'b' });
  const given = [
    { a: 'c', b: 'b' },
    { a: 'b', b: 'a' },
    { a: ' a ', b: 'b' },
  ];
  expect(desiredPeerEdges(given)).toEqual([
    { a: 'a', b: 'b' },
    { a: 'b', b: 'c' },
  ]);
});

it.each([
  ['empty_endpoint', 'edges[1].a', { a: ' ', b: 'b' }],
  ['self_edge', 'edges[1]', { a: 'b ', b: ' b' }],
  ['not_an_edge', 'edges[1].b', { a: 'a', b: 1 }],
  ['not_an_edge', 'edges[1].c', { a: 'a', b: 'b', c: 'c' }],
  ['not_an_edge', 'edges[1]', ['a', 'b']],
])('[discovery.edge] refuses as %s at %s', (reason, field, edge) => {
  const refused = { code: 'MOB_WIRING_INVALID', details: { field, reason } };
  expect(() => desiredPeerEdges([{ a: 'a', b: 'b' }, edge])).toThrow(
    expect.objectContaining(refused) as Error,
  );
});

it('[discovery.edge] refuses a single edge by its end', () => {
  const refused = (field: string, reason: string) =>
    expect.objectContaining({ code: 'MOB_WIRING_INVALID', details: { field, reason } }) as Error;
  expect(() => desiredPeerEdge('a', ' ')).toThrow(refused('b', 'empty_endpoint'));
  expect(() => desiredPeerEdge('a', ' a')).toThrow(refused('b', 'self_edge'));
});

const members = ['lead', 'w1', 'w2', 'r1'].map((identity) => ({
  identity,
  profile: identity.replace(/\d/, ''),
  wiredTo: [],
  labels: {},
}));

it('[discovery.definition-edges] finds the edges that the wiring of a definition asks for', async () => {
  const definition: MobDefinition = {
    id: 'm',
    orchestrator: { profile: 'lead' },
    profiles: { lead: { model: 'x' }, w: { model: 'x' }, r: { model: 'x' } },
  };
  const edges = async (wiring: MobDefinition['wiring']) => {
    const found = await definitionEdges({ ...definition, ...(wiring && { wiring }) }).discoverEdges(
      members,
      asked(),
    );
    return found.map(({ a, b }) => `${a} ${b}`);
  };
  expect(await edges(undefined)).toEqual([]);
  expect(await edges({ auto_wire_orchestrator: true })).toEqual(['lead r1', 'lead w1', 'lead w2']);
  expect(
    await edges({
      role_wiring: [
        { a: 'w', b: 'w' },
        { a: 'w', b: 'r' },
      ],
    }),
  ).toEqual(['r1 w1', 'r1 w2', 'w1 w2']);
});

it('[discovery.function] checks what a plain function answers, and gives up waiting for it when told to', async () => {
  const context = asked();
  expect(await discoveryOf(() => [whole]).discover(context)).toEqual([whole]);
  await expect(discoveryOf(async () => [whole, whole]).discover(context)).rejects.toMatchObject({
    code: 'MOB_DISCOVERY_INVALID',
  });
  const both = edgeDiscoveryOf((some) =>
    some.slice(1, 3).map(({ identity }) => ({ a: identity, b: 'lead' })),
  );
  expect(await both.discoverEdges(members, context)).toEqual([
    { a: 'lead', b: 'w1' },
    { a: 'lead', b: 'w2' },
  ]);

  const given = new AbortController();
  const waiting = discoveryOf(() => new Promise(() => {})).discover({ ...context, signal: given.signal });
  given.abort(new Error('no longer wanted'));
  await expect(waiting).rejects.toThrow('no longer wanted');
  let called = false;
  const late = edgeDiscoveryOf(() => ((called = true), []));
  await expect(late.discoverEdges([], { ...context, signal: given.signal })).rejects.toThrow(
    'no longer wanted',
  );
  expect(called).toBe(false);
});

it('[discovery.document] reads members and edges, and takes no document without members for an empty roster', () => {
  expect(
    desiredShapeFromJson({ members: [{ identity: 'a', role: 'p' }], edges: [{ a: 'b', b: 'a' }] }),
  ).toEqual({ members: [{ identity: 'a', profile: 'p' }], edges: [{ a: 'a', b: 'b' }] });
  expect(desiredShapeFromJson({ members: [] })).toEqual({ members: [], edges: [] });
  const refused = (field: string) =>
    expect.objectContaining({ details: expect.objectContaining({ field }) as object }) as Error;
  expect(() => desiredShapeFromJson({})).toThrow(refused('members'));
  expect(() => desiredShapeFromJson([])).toThrow(refused(''));
  expect(() => desiredShapeFromJson({ members: [], agents: [] })).toThrow(refused('agents'));
  expect(() => desiredShapeFromJson({ members: [{}] })).toThrow(refused('members[0].agent_identity'));
  expect(() => desiredShapeFromJson({ members: [], edges: [{ a: 'a' }] })).toThrow(refused('edges[0].b'));
});

it('[discovery.watchers] tells everybody of a change and of the first error, until they stop', () => {
  const told: string[] = [];
  const watchers = new DiscoveryWatchers();
  const error = new MobError('MOB_DISCOVERY_UNAVAILABLE', 'gone');
  const both = { onChange: () => told.push('change'), onError: () => told.push('error') };
  const stop = watchers.add(both);
  watchers.add({ onChange: () => told.push('change only') });
  watchers.failed(error);
  watchers.failed(error);
  watchers.changed();
  watchers.failed(error);
  expect(told.splice(0)).toEqual(['error', 'change', 'change only', 'error']);
  stop();
  stop();
  watchers.changed();
  expect(told.splice(0)).toEqual(['change only']);
  watchers.clear();
  watchers.changed();
  expect({ told, any: watchers.any }).toEqual({ told: [], any: false });
});

function asked(): DiscoveryContext {
  return { mobId: 'm', labels: {}, trigger: 'reconcile', signal: new AbortController().signal };
}
