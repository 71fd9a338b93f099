import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { RestartBudget } from './restart-budget.js';

const limits = { restarts: 3, windowMs: 10_000, backoffMs: 100, longestBackoffMs: 300 };

function budget(over: Partial<typeof limits> = {}) {
  const clock = new ManualClock();
  return { clock, budget: new RestartBudget({ ...limits, ...over }, clock) };
}

it('[modules.backoff] doubles the pause up to the longest, and begins anew after a healthy window', () => {
  const { clock, budget: restarts } = budget({ restarts: 100 });
  expect(Array.from({ length: 4 }, () => restarts.failed())).toEqual([100, 200, 300, 300]);
  restarts.healthy();
  clock.advance(9999);
  expect(restarts.failed()).toBe(300);
  restarts.healthy();
  clock.advance(10_000);
  expect(restarts.failed()).toBe(100);
});

it('[modules.intensity] allows so many restarts within a window that slides', () => {
  const { clock, budget: restarts } = budget();
  const crash = (afterMs: number) => {
    restarts.healthy();
    clock.advance(afterMs);
    return restarts.failed() !== undefined;
  };
  expect([crash(4000), crash(3000), crash(2000), crash(999)]).toEqual([true, true, true, false]);
  expect([crash(4001), crash(1000), crash(2000)]).toEqual([true, false, true]);
});

it('[modules.in-a-row] allows no more starts in a row that fail, however slowly', () => {
  const { clock, budget: restarts } = budget();
  const crash = () => {
    clock.advance(60_000);
    return restarts.failed() !== undefined;
  };
  expect([crash(), crash(), crash(), crash()]).toEqual([true, true, true, false]);
  restarts.healthy();
  expect(crash()).toBe(true);
});

it('[modules.clock-back] counts no restart as one of the window for as long as a clock went back', () => {
  let nowMs = 3_600_000;
  const clock = { now: () => nowMs, after: () => () => {} };
  const restarts = new RestartBudget({ ...limits, restarts: 1 }, clock);
  expect(restarts.failed()).toBe(100);
  restarts.healthy();
  nowMs = 0;
  expect(restarts.failed()).toBeDefined();
  restarts.healthy();
  nowMs += 9999;
  expect(restarts.failed()).toBeUndefined();
});

it('[modules.long-backoff] names a pause in numbers, however often a module is started again', () => {
  const { budget: restarts } = budget({ restarts: 2000, backoffMs: 0 });
  expect(new Set(Array.from({ length: 1500 }, () => restarts.failed()))).toEqual(new Set([0]));
});
