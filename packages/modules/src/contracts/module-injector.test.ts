import type { JsonValue } from '@mobkit/core';
import { expect, it } from 'vitest';

import { answering } from '../../test/support/answering-modules.js';
import { createModuleInjector } from './module-injector.js';

const claim = {
  scheduleId: 'hourly',
  interval: '*/1h',
  timezone: 'UTC',
  dueTickMs: 3_600_000,
  tickMs: 3_600_500,
  claimKey: 'hourly:3600000',
};
const injectionFor = (answer: JsonValue) =>
  createModuleInjector(answering('scheduling', answer).modules).injectionFor(claim);

it('[modules.injector] asks a loaded module with the claim what to tell a member', async () => {
  const { modules, calls } = answering('scheduling', {
    runtime_injection: { member_id: ' worker-1 ', message: 'dispatch:hourly' },
  });
  expect(await createModuleInjector(modules).injectionFor(claim)).toEqual({
    memberId: 'worker-1',
    message: 'dispatch:hourly',
  });
  expect(calls).toEqual([
    {
      moduleId: 'scheduling',
      method: 'scheduling.dispatch',
      params: {
        schedule_id: 'hourly',
        interval: '*/1h',
        timezone: 'UTC',
        due_tick_ms: 3_600_000,
        tick_ms: 3_600_500,
        claim_key: 'hourly:3600000',
      },
    },
  ]);
});

it('[modules.injector] tells nobody anything when it says nothing, or is not loaded', async () => {
  for (const answer of [{}, null, 'nothing', { runtime_injection: null }]) {
    expect(await injectionFor(answer)).toBeUndefined();
  }
  const { modules, calls } = answering(undefined, {});
  expect(await createModuleInjector(modules).injectionFor(claim)).toBeUndefined();
  expect(calls).toEqual([]);
});

it.each<[JsonValue, field: string]>([
  [{ message: 'x' }, 'runtime_injection.member_id'],
  [{ member_id: 'a', message: ' ' }, 'runtime_injection.message'],
  ['x', 'runtime_injection.member_id'],
])('[modules.injector] refuses the injection %j', async (injection, field) => {
  await expect(injectionFor({ runtime_injection: injection })).rejects.toMatchObject({
    code: 'MOB_MODULE_CALL_FAILED',
    details: { module: 'scheduling', tool: 'scheduling.dispatch', reason: 'invalid_payload', field },
  });
});
