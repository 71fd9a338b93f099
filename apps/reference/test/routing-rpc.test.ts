import { discoveryOf, type Storage } from '@mobkit/core';
import type { ModuleEventEnvelope } from '@mobkit/core/ops';
import { createMobEngine, testProvider } from '@mobkit/mob';
import { openRulesRouter } from '@mobkit/router-rules';
import { createRpcHandler } from '@mobkit/rpc';
import { bootstrapRuntime, type RuntimeParts, type UnifiedRuntime } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

const definition = {
  id: 'crew',
  profiles: { worker: { model: 'test', tools: { comms: true }, runtime_mode: 'turn_driven' as const } },
};

/** A runtime with a real router, and its methods. */
async function served(given: Partial<RuntimeParts> & { readonly kept?: Storage } = {}) {
  const { kept, ...parts } = given;
  const own = await openMemoryStores();
  const storage = kept ?? own.storage;
  const router = await openRulesRouter({ storage, mobId: definition.id, routes: [] });
  const engine = createMobEngine({
    storage,
    providers: () => [testProvider()],
    allowEphemeralSessions: true,
  });
  const { metadata } = own;
  const onError = () => {};
  const runtime = await bootstrapRuntime({
    engine,
    definition,
    storage,
    metadata,
    onError,
    router,
    ...parts,
  });
  const rpc = createRpcHandler({ runtime });
  const call = async (method: string, params?: unknown) => {
    const answer = await rpc.handle({
      jsonrpc: '2.0',
      id: 1,
      method: `mobkit/routing/${method}`,
      params,
    });
    return answer && 'result' in answer ? answer.result : answer?.error;
  };
  return { runtime, router, storage, call };
}

it('[routing.resolve] answers a resolution under the names of the wire', async () => {
  const { call, runtime } = await served();
  const request = { recipient: 'user@example.com', channel: 'transactional', retry_max: 1, backoff_ms: 125 };
  expect(await call('resolve', { ...request, rate_limit_per_minute: 10 })).toEqual({
    route_id: expect.stringMatching(/^route-/),
    recipient: 'user@example.com',
    channel: 'transactional',
    sink: 'email',
    target_module: 'delivery',
    retry_max: 1,
    backoff_ms: 125,
    rate_limit_per_minute: 10,
  });
  expect(await call('resolve', { recipient: '+4930', channel: null, retry_max: null })).toMatchObject({
    channel: 'notification',
    sink: 'sms',
    retry_max: 1,
    backoff_ms: 250,
    rate_limit_per_minute: 2,
  });
  await runtime.shutdown();
});

const route = { route_key: 'k', recipient: 'ops', sink: 'log' };
const texts: readonly [method: string, params: unknown, text: string, field: string][] = [
  ['resolve', {}, 'recipient must be a non-empty string', 'recipient'],
  ['resolve', { recipient: ' ' }, 'recipient must be a non-empty string', 'recipient'],
  ['resolve', { recipient: 1 }, 'recipient must be a non-empty string', 'recipient'],
  ['resolve', { recipient: 'a@b', channel: 1 }, 'channel must be a string', 'channel'],
  ['resolve', { recipient: 'a@b', channel: ' ' }, 'channel must be a non-empty string', 'channel'],
  ['resolve', { recipient: 'a@b', retry_max: '1' }, 'retry_max must be a non-negative integer', 'retry_max'],
  ['resolve', { recipient: 'a@b', retry_max: -1 }, 'retry_max must be a non-negative integer', 'retry_max'],
  ['resolve', { recipient: 'a@b', retry_max: 11 }, 'retry_max must be <= 10', 'retry_max'],
  [
    'resolve',
    { recipient: 'a@b', retry_max: 2 ** 32 },
    'retry_max exceeds maximum supported integer range',
    'retry_max',
  ],
  [
    'resolve',
    { recipient: 'a@b', backoff_ms: 0.5 },
    'backoff_ms must be a non-negative integer',
    'backoff_ms',
  ],
  [
    'resolve',
    { recipient: 'a@b', backoff_ms: 2 ** 64 },
    'backoff_ms exceeds maximum supported integer range',
    'backoff_ms',
  ],
  [
    'resolve',
    { recipient: 'a@b', rate_limit_per_minute: 0 },
    'rate_limit_per_minute must be greater than 0',
    'rate_limit_per_minute',
  ],
  [
    'resolve',
    { recipient: 'a@b', rate_limit_per_minute: [] },
    'rate_limit_per_minute must be a non-negative integer',
    'rate_limit_per_minute',
  ],
  [
    'resolve',
    { recipient: 'a@b', rate_limit_per_minute: 2 ** 32 },
    'rate_limit_per_minute exceeds maximum supported integer range',
    'rate_limit_per_minute',
  ],
  ['routes/add', { recipient: 'ops', sink: 'log' }, 'route_key must be a non-empty string', 'route_key'],
  ['routes/add', { ...route, recipient: '' }, 'recipient must be a non-empty string', 'recipient'],
  ['routes/add', { ...route, sink: undefined }, 'sink must be a string', 'sink'],
  ['routes/add', { ...route, target_module: 1 }, 'target_module must be a string', 'target_module'],
  ['routes/add', { ...route, channel: {} }, 'channel must be a string', 'channel'],
  ['routes/add', { ...route, retry_max: 11 }, 'retry_max must be <= 10', 'retry_max'],
  ['routes/add', { route: [] }, 'route must be an object', 'route'],
  ['routes/add', { route: null }, 'route must be an object', 'route'],
  ['routes/add', { route, sink: 'log' }, '"sink" stands beside route: put it into it', 'sink'],
  ['routes/delete', {}, 'route_key must be a non-empty string', 'route_key'],
  [
    'routes/add',
    { ...route, destination: 'x' },
    '"destination" is not a field of this method: leave it out',
    'destination',
  ],
];

it('[routing.texts] refuses wrong parameters with the text their clients know, and names the field', async () => {
  const { call, runtime } = await served();
  for (const [method, params, text, field] of texts) {
    expect(await call(method, params)).toEqual({
      code: -32602,
      message: `Invalid params: ${text}`,
      data: { kind: 'invalid_params', field },
    });
  }
  expect(await call('routes/list')).toEqual({ routes: [] });
  expect(await call('routes/delete', { route_key: 'k' })).toMatchObject({
    code: -32602,
    message: "route_key 'k' was not found",
    data: { kind: 'route_not_found', route_key: 'k' },
  });
  await runtime.shutdown();
});

it('[routing.table-rpc] adds, lists and deletes routes, which decide from the next message on', async () => {
  const { call, runtime } = await served();
  const to = { recipient: 'user@example.com', channel: 'transactional' };
  const before = await call('resolve', to);
  const mail = {
    route_key: 'mail',
    ...to,
    sink: 'sms',
    target_module: 'delivery',
    retry_max: 0,
    backoff_ms: 5,
    rate_limit_per_minute: 9,
  };
  expect(await call('routes/add', { route: { ...mail, route_key: ' mail ' } })).toEqual({ route: mail });
  const any = { route_key: 'any', recipient: '*', channel: '*', sink: 'log' };
  const nothing = { retry_max: null, backoff_ms: null, rate_limit_per_minute: null };
  const kept = { ...any, target_module: 'delivery', ...nothing };
  expect(await call('routes/add', { ...any, ...nothing })).toEqual({ route: kept });
  expect(await call('routes/list', {})).toEqual({ routes: [kept, mail] });
  expect(await call('resolve', to)).toMatchObject({
    sink: 'sms',
    retry_max: 0,
    backoff_ms: 5,
    rate_limit_per_minute: 9,
    route_key: 'mail',
  });
  expect(await call('routes/delete', { route_key: 'any' })).toEqual({ deleted: kept });
  expect(await call('routes/delete', { route_key: 'mail' })).toEqual({ deleted: mail });
  expect(await call('routes/list', {})).toEqual({ routes: [] });
  expect(await call('resolve', to)).toEqual({ ...(before as object), route_id: expect.any(String) });
  await runtime.shutdown();
});

it('[routing.told] tells of every resolution in the timeline, behind what was there, under an id no other process has', async () => {
  const first = await served();
  await first.runtime.roster.spawn({ identity: 'w', profile: 'worker' });
  const resolution = await first.call('resolve', { recipient: 'user@example.com' });
  await first.router.resolve({ recipient: 'other@example.com' });
  const told = eventsOf(first.runtime);
  expect(told.map(({ event }) => event)).toEqual([
    { kind: 'module', module: 'router', eventType: 'resolved', payload: resolution },
    expect.objectContaining({ payload: expect.objectContaining({ recipient: 'other@example.com' }) }),
  ]);
  expect(first.runtime.timeline.read().items.at(-1)).toMatchObject({ event: told.at(-1) });
  await first.runtime.shutdown();
  await first.router.resolve({ recipient: 'late@example.com' });
  expect(eventsOf(first.runtime)).toHaveLength(2);
  const second = await served({ kept: first.storage });
  await second.call('resolve', { recipient: 'user@example.com' });
  const ids = [...told, ...eventsOf(second.runtime)].map(({ eventId }) => eventId);
  expect(new Set(ids).size).toBe(3);
  await second.runtime.shutdown();
});

function eventsOf(runtime: UnifiedRuntime): readonly ModuleEventEnvelope[] {
  return runtime
    .moduleEvents()
    .items.flatMap((item) => (item.type === 'event' && item.source === 'module' ? [item.event] : []));
}

it('[routing.no-router] says that there is no router when a runtime has none', async () => {
  const { router: _, ...here } = await served();
  await here.runtime.shutdown();
  const { call, runtime } = await served({ router: undefined } as never);
  for (const [method, params] of [
    ['resolve', { recipient: 'a@b' }],
    ['routes/list', {}],
    ['routes/add', route],
    ['routes/delete', { route_key: 'k' }],
  ] as const) {
    expect(await call(method, params)).toMatchObject({
      message: 'router module is not loaded',
      data: { kind: 'config_invalid', part: 'router' },
    });
  }
  await runtime.shutdown();
});

it('[routing.members] gives members routes that outlive the process, takes away those of who is gone, and leaves all others', async () => {
  const members = (...names: string[]) =>
    discoveryOf(() => names.map((identity) => ({ identity, profile: 'worker' })));
  const first = await served({ discovery: members('a', 'b') });
  expect(await first.call('resolve', { recipient: 'b' })).toMatchObject({
    sink: 'mob_member',
    route_key: 'mob.member.b',
  });
  await first.call('routes/add', { route_key: 'mine', recipient: 'b', channel: 'alert', sink: 'log' });
  await first.call('routes/add', { route_key: 'mob.member.gone', recipient: 'gone', sink: 'log' });
  await first.runtime.shutdown();
  const second = await served({ kept: first.storage });
  const keys = async () => (await second.router.routes()).map(({ routeKey }) => routeKey);
  expect(await keys()).toEqual(['mine', 'mob.member.a', 'mob.member.b']);
  const { routing } = await second.runtime.shape.reconcile({
    members: [{ identity: 'a', profile: 'worker' }],
  });
  expect(routing).toMatchObject({ addedRouteKeys: [], removedRouteKeys: ['mob.member.b'], failures: [] });
  expect(await keys()).toEqual(['mine', 'mob.member.a']);
  await second.runtime.shutdown();
});
