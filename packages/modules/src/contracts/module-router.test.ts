import type { JsonValue } from '@mobkit/core';
import { expect, it } from 'vitest';

import { answering } from '../../test/support/answering-modules.js';
import { createModuleRouter } from './module-router.js';

const request = { recipient: 'user@example.com', channel: 'transactional', retryMax: 1 };

it('[modules.router] asks a loaded module with the request, and takes what it says', async () => {
  const said = {
    channel: ' urgent ',
    sink: 'email',
    target_module: 'delivery',
    retry_max: 3,
    backoff_ms: 125,
    rate_limit_per_minute: 10,
  };
  const { modules, calls } = answering('router', said);
  expect(await createModuleRouter(modules).advise(request)).toEqual({
    channel: 'urgent',
    sink: 'email',
    targetModule: 'delivery',
    retryMax: 3,
    backoffMs: 125,
    rateLimitPerMinute: 10,
  });
  expect(calls).toEqual([
    {
      moduleId: 'router',
      method: 'routing.resolve',
      params: {
        recipient: 'user@example.com',
        channel: 'transactional',
        retry_max: 1,
        backoff_ms: null,
        rate_limit_per_minute: null,
      },
    },
  ]);
});

it.each<[JsonValue, object | undefined]>([
  [{ sink: ' ', retry_max: 2 ** 32, backoff_ms: -1, rate_limit_per_minute: 1.5, channel: 7 }, {}],
  [{ retry_max: 2 ** 32 - 1, backoff_ms: 2 ** 53 }, { retryMax: 2 ** 32 - 1 }],
  ['anything', undefined],
  [[], undefined],
  [null, undefined],
])('[modules.router] passes over what cannot be meant: %j', async (said, advice) => {
  expect(await createModuleRouter(answering('router', said).modules).advise(request)).toEqual(advice);
});

it('[modules.router] has nothing to say while no such module is loaded', async () => {
  const { modules, calls } = answering('delivery', { sink: 'sms' });
  expect(await createModuleRouter(modules).advise(request)).toBeUndefined();
  expect(calls).toEqual([]);
});
