import { type JsonValue, MobError } from '@mobkit/core';
import type { DeliveryMessage } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { answering } from '../../test/support/answering-modules.js';
import { createModuleSink } from './module-sink.js';

const message: DeliveryMessage = {
  deliveryId: 'd-1',
  resolution: {
    routeId: 'r-1',
    recipient: 'user@example.com',
    channel: 'transactional',
    sink: 'email',
    targetModule: 'delivery',
    retryMax: 1,
    backoffMs: 125,
    rateLimitPerMinute: 10,
  },
  payload: { message: 'hello' },
};
const context = { signal: new AbortController().signal, attempt: 1 };
const deliver = (answer: JsonValue | MobError, given = message) =>
  createModuleSink(answering('delivery', answer).modules).deliver(given, context);

it('[modules.sink] hands the message to a loaded module, with its resolution and key, and names its adapter', async () => {
  const { modules, calls } = answering('delivery', { adapter: ' smtp-mock ' });
  const sink = createModuleSink(modules);
  expect(await sink.deliver({ ...message, idempotencyKey: 'k' }, context)).toEqual({
    sinkAdapter: 'smtp-mock',
  });
  expect(calls).toEqual([
    {
      moduleId: 'delivery',
      method: 'delivery.send',
      params: {
        resolution: {
          route_id: 'r-1',
          recipient: 'user@example.com',
          channel: 'transactional',
          sink: 'email',
          target_module: 'delivery',
          retry_max: 1,
          backoff_ms: 125,
          rate_limit_per_minute: 10,
        },
        payload: { message: 'hello' },
        idempotency_key: 'k',
      },
      signal: context.signal,
    },
  ]);
  for (const answer of ['sent', {}, { adapter: ' ' }])
    expect((await deliver(answer))?.sinkAdapter).toBeUndefined();
});

it('[modules.sink-carries] carries for every sink but that of members, and only while it is loaded', () => {
  const loaded = createModuleSink(answering('delivery', null).modules);
  expect(['email', 'webhook', 'anything', 'mob_member'].map((name) => loaded.carries?.(name))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(createModuleSink(answering(undefined, null).modules).carries?.('email')).toBe(false);
});

it('[modules.sink-outcome] refuses what the module refuses, and does not know what became of a call without an answer', async () => {
  await expect(deliver({ adapter: 'smtp-mock', force_fail: true })).rejects.toThrow(
    'refused the message through smtp-mock',
  );
  const failed = (reason: string) => new MobError('MOB_MODULE_CALL_FAILED', reason, { details: { reason } });
  await expect(deliver(failed('tool_failed'))).rejects.toThrow('tool_failed');
  expect(await deliver(failed('closed'))).toEqual({ unknown: 'closed' });
  expect(await deliver(new MobError('MOB_MODULE_TIMEOUT', 'no answer'))).toEqual({ unknown: 'no answer' });
  const gone = createModuleSink(answering(undefined, null).modules).deliver(message, context);
  await expect(gone).rejects.toMatchObject({ code: 'MOB_MODULE_NOT_LOADED', retryable: true });
});
