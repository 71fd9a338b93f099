import { MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { request, resolution } from './delivery-records.js';
import { letPass, openStage } from './delivery-stage.js';

async function pausesOf(given: { backoffMs: number; longestBackoffMs?: number; retryAfterMs?: number }) {
  const { backoffMs, retryAfterMs, ...options } = given;
  const { delivery, clock } = await openStage({
    ...options,
    answerWithinMs: 3_600_000,
    deliver: async () => {
      throw new MobError('acme/busy', 'busy', { retryable: true, details: { retryAfterMs } });
    },
  });
  const to = resolution({ recipient: 'ops', sink: 'box', retryMax: 5, backoffMs });
  const { attempts } = await letPass(clock, delivery.send(request({ resolution: to })));
  const waited = attempts
    .slice(1)
    .map(({ startedAtMs }, at) => startedAtMs - (attempts[at]?.endedAtMs ?? NaN));
  const pauses = attempts.map((attempt) => attempt.backoffMs);
  return { pauses, waited };
}

it('[delivery.backoff] doubles its pauses up to a longest one, a little longer at random, and waits them', async () => {
  const { pauses, waited } = await pausesOf({ backoffMs: 100, longestBackoffMs: 350 });
  for (const [at, leastMs] of [100, 200, 350, 350, 350].entries()) {
    expect(pauses[at]).toBeGreaterThanOrEqual(leastMs);
    expect(pauses[at]).toBeLessThanOrEqual(Math.ceil(leastMs * 1.25));
  }
  expect(pauses.slice(0, 5)).not.toEqual([100, 200, 350, 350, 350]);
  expect(pauses[5]).toBe(0);
  expect(waited).toEqual(pauses.slice(0, 5));
});

it('[delivery.backoff] waits as long as the sink asks for, up to the longest pause', async () => {
  const { pauses } = await pausesOf({ backoffMs: 10, longestBackoffMs: 5_000, retryAfterMs: 2_000 });
  for (const pause of pauses.slice(0, 5)) expect(pause).toBeGreaterThanOrEqual(2_000);
  const { pauses: capped } = await pausesOf({ backoffMs: 10, longestBackoffMs: 500, retryAfterMs: 60_000 });
  for (const pause of capped) expect(pause).toBeLessThanOrEqual(625);
});

it('[delivery.longest-pause] keeps a message for its next attempt however long a pause its route asks for', async () => {
  const { delivery, clock } = await openStage({
    deliver: async () => {
      throw new MobError('acme/busy', 'busy', { retryable: true });
    },
  });
  const to = resolution({ recipient: 'ops', sink: 'box', retryMax: 1, backoffMs: Number.MAX_SAFE_INTEGER });
  const kept = await letPass(clock, delivery.send(request({ resolution: to })));
  expect(kept).toMatchObject({ status: 'pending', attempts: [{ status: 'transient_failure' }] });
  expect(await delivery.get(kept.deliveryId)).toEqual(kept);
  expect(new Date(kept.nextAttemptAtMs ?? NaN).getUTCFullYear()).toBeLessThan(2100);
});
