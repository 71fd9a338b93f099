import { MobError } from '@mobkit/core';
import { createRpcHandler } from '@mobkit/rpc';
import type { UnifiedRuntime } from '@mobkit/runtime';
import { openDelivery } from '@mobkit/delivery';
import { openRulesRouter } from '@mobkit/router-rules';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

type Answer = Record<string, unknown>;

/** The methods over a router and a delivery of their own, whose sink `email` does as the payload says. */
async function served() {
  const { storage } = await openMemoryStores();
  const router = await openRulesRouter({ storage, mobId: 'm', routes: [] });
  const delivery = await openDelivery({
    storage,
    trust: (resolution) => router.verify(resolution),
    sinks: () => [
      {
        name: 'email',
        async deliver({ payload }, { attempt }) {
          if (payload === 'refuse') throw new Error('no such mailbox');
          if (payload === 'busy' && attempt === 1) {
            throw new MobError('acme/busy', 'busy', { retryable: true });
          }
          return { sinkAdapter: 'smtp' };
        },
      },
    ],
  });
  await delivery.start({ mob: { mobId: 'm' }, tell: () => {}, onError: () => {} } as never);
  onTestFinished(() => delivery.stop({ deadlineMs: 0 }));
  const rpc = createRpcHandler({ runtime: { router, delivery } as unknown as UnifiedRuntime });
  const answer = async (method: string, params: unknown) => {
    const response = await rpc.handle({ jsonrpc: '2.0', id: 1, method: `mobkit/${method}`, params });
    if (!response) throw new Error('no answer');
    return response;
  };
  const call = async (method: string, params: unknown) => {
    const response = await answer(method, params);
    if ('error' in response) throw new Error(JSON.stringify(response.error));
    return response.result as Answer;
  };
  const fail = async (method: string, params: unknown) => {
    const response = await answer(method, params);
    if ('error' in response) return response.error;
    throw new Error(JSON.stringify(response.result));
  };
  const resolve = (given: object = {}) =>
    call('routing/resolve', { recipient: 'user@example.com', channel: 'transactional', ...given });
  return { call, fail, resolve };
}

it('[delivery.rpc] sends by a resolution, and answers the record', async () => {
  const { call, resolve } = await served();
  const resolution = await resolve({ backoff_ms: 1 });
  const sent = await call('delivery/send', { resolution, payload: 'busy' });
  expect(sent).toEqual({
    delivery_id: expect.any(String),
    route_id: resolution['route_id'],
    recipient: 'user@example.com',
    channel: 'transactional',
    sink: 'email',
    target_module: 'delivery',
    payload: 'busy',
    status: 'sent',
    attempts: [
      {
        attempt: 1,
        status: 'transient_failure',
        backoff_ms: expect.any(Number),
        started_at_ms: sent['first_attempt_ms'],
        ended_at_ms: expect.any(Number),
        error: 'busy',
      },
      {
        attempt: 2,
        status: 'sent',
        backoff_ms: 0,
        started_at_ms: expect.any(Number),
        ended_at_ms: sent['final_attempt_ms'],
      },
    ],
    first_attempt_ms: expect.any(Number),
    final_attempt_ms: expect.any(Number),
    idempotency_key: null,
    sink_adapter: 'smtp',
  });
  expect(await call('delivery/get', { delivery_id: sent['delivery_id'] })).toEqual(sent);
  expect(await call('delivery/history', { recipient: ' user@example.com ', sink: ' ' })).toEqual({
    deliveries: [sent],
  });
  expect(await call('delivery/history', { sink: 'log', limit: 200 })).toEqual({ deliveries: [] });
});

it('[delivery.rpc] lists dead letters and sends one again', async () => {
  const { call, fail, resolve } = await served();
  const params = { resolution: await resolve(), payload: 'refuse', idempotency_key: ' k ' };
  const failed = await call('delivery/send', params);
  expect(failed).toMatchObject({
    status: 'failed',
    idempotency_key: 'k',
    attempts: [{ error: 'no such mailbox' }],
  });
  expect(await call('delivery/dead', {})).toEqual({ deliveries: [failed] });
  expect(await call('delivery/redrive', { delivery_id: failed['delivery_id'] })).toMatchObject({
    delivery_id: failed['delivery_id'],
    attempts: [{}, { attempt: 2, status: 'failed' }],
  });
  expect(await fail('delivery/redrive', { delivery_id: 'none' })).toMatchObject({
    code: -32602,
    data: { kind: 'delivery_not_found', delivery_id: 'none' },
  });
  expect(await fail('delivery/get', { delivery_id: 'none' })).toMatchObject({
    data: { kind: 'delivery_not_found' },
  });
});

it('[delivery.rpc-limits] counts a limit over resolutions, and says how long to wait', async () => {
  const { call, fail, resolve } = await served();
  await call('delivery/send', { resolution: await resolve(), payload: 1 });
  await call('delivery/send', { resolution: await resolve(), payload: 2 });
  const refused = await fail('delivery/send', { resolution: await resolve(), payload: 3 });
  expect(refused).toMatchObject({
    code: -32016,
    message: expect.stringMatching(/^rate limit exceeded for sink 'email': wait \d+ ms \(limit=2\)$/),
    data: { kind: 'rate_limited', retryable: true, limit: 2, retry_after_ms: expect.any(Number) },
  });
  expect((await call('delivery/history', {}))['deliveries']).toHaveLength(2);
  const other = await resolve({ recipient: 'other@example.com' });
  expect(await call('delivery/send', { resolution: other, payload: 1 })).toMatchObject({ status: 'sent' });
});

it('[delivery.rpc-replay] answers a key with its first delivery, and refuses it with another payload', async () => {
  const { call, fail, resolve } = await served();
  const resolution = await resolve();
  const keyed = { resolution, payload: { a: 1, b: 2 }, idempotency_key: 'k' };
  const first = await call('delivery/send', keyed);
  for (let n = 0; n < 600; n++) await resolve({ recipient: `${n}@example.com` });
  expect(await call('delivery/send', { ...keyed, payload: { b: 2, a: 1 } })).toEqual(first);
  expect(await call('delivery/send', { ...keyed, resolution: await resolve() })).toEqual(first);
  expect(await fail('delivery/send', { ...keyed, payload: { a: 1 } })).toMatchObject({
    code: -32009,
    message: 'idempotency_key replay payload does not match original request',
    data: { kind: 'idempotency_mismatch' },
  });
  // What a key stands for is looked up by the sink among others: one of these forgeries is a repeat, the other is not.
  for (const forged of [
    { ...resolution, retry_max: 9 },
    { ...resolution, sink: 'log' },
  ]) {
    expect(await fail('delivery/send', { ...keyed, resolution: forged })).toMatchObject({
      message: 'resolution does not match the trusted route for route_id',
      data: { kind: 'route_untrusted', reason: 'forged' },
    });
  }
  expect(
    await fail('delivery/send', { resolution: { ...resolution, retry_max: 9 }, payload: 1 }),
  ).toMatchObject({
    data: { kind: 'route_untrusted', reason: 'forged' },
  });
  expect(
    await fail('delivery/send', { resolution: { ...resolution, route_id: 'r-1' }, payload: 1 }),
  ).toMatchObject({
    message: "resolution.route_id 'r-1' was not issued by routing/resolve",
    data: { kind: 'route_untrusted', reason: 'unknown' },
  });
});

const whole = {
  route_id: 'r',
  recipient: 'ops',
  channel: 'notification',
  sink: 'email',
  target_module: 'delivery',
  retry_max: 1,
  backoff_ms: 250,
  rate_limit_per_minute: 2,
};

const wrong: readonly [method: string, params: unknown, message: string, field: string][] = [
  ['send', { payload: 1 }, 'resolution must be an object', 'resolution'],
  ['send', { resolution: 'r', payload: 1 }, 'resolution must be an object', 'resolution'],
  ['send', { resolution: whole }, 'payload is required', 'payload'],
  [
    'send',
    { resolution: whole, payload: 1, idempotency_key: ' ' },
    'idempotency_key must be a non-empty string',
    'idempotency_key',
  ],
  [
    'send',
    { resolution: whole, payload: 1, idempotency_key: 7 },
    'idempotency_key must be a non-empty string',
    'idempotency_key',
  ],
  [
    'send',
    { resolution: { ...whole, target_module: 'billing' }, payload: 1 },
    "resolution.target_module must be 'delivery' (got 'billing')",
    'resolution.target_module',
  ],
  [
    'send',
    { resolution: { ...whole, route_id: ' ' }, payload: 1 },
    'resolution.route_id must be a non-empty string',
    'resolution.route_id',
  ],
  ['history', { limit: 0 }, 'limit must be an integer between 1 and 200', 'limit'],
  ['history', { limit: 201 }, 'limit must be an integer between 1 and 200', 'limit'],
  ['history', { limit: 1.5 }, 'limit must be an integer between 1 and 200', 'limit'],
  ['history', { recipient: 7 }, 'recipient must be a string', 'recipient'],
  ['history', { sink: {} }, 'sink must be a string', 'sink'],
  ['dead', { limit: '1' }, 'limit must be an integer between 1 and 200', 'limit'],
];

it.each(wrong)('[delivery.rpc-params] refuses for %s %j', async (method, params, message, field) => {
  const { fail } = await served();
  expect(await fail(`delivery/${method}`, params)).toMatchObject({
    code: -32602,
    message: `Invalid params: ${message}`,
    data: { kind: 'invalid_params', field },
  });
});

it('[delivery.rpc-absent] says that there is no delivery', async () => {
  const rpc = createRpcHandler({ runtime: {} as UnifiedRuntime });
  const answer = await rpc.handle({ jsonrpc: '2.0', id: 1, method: 'mobkit/delivery/history', params: {} });
  expect(answer).toMatchObject({
    error: { message: 'delivery module is not loaded', data: { kind: 'config_invalid', part: 'delivery' } },
  });
});
