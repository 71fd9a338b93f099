import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';

import { systemClock } from './clock.js';
import { within } from './within.js';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

it('[core.within] gives what came in time, throws what failed in time, and leaves no timer', async () => {
  expect(await within(systemClock, 10, Promise.resolve('here'))).toBe('here');
  await expect(within(systemClock, 10, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
});

it('[core.within] gives up after the longest wait, and does not mind what comes later', async () => {
  let fail: (error: Error) => void = () => {};
  const waited = within(systemClock, 10, new Promise((_, reject) => (fail = reject)));
  vi.advanceTimersByTime(10);
  expect(await waited).toBeUndefined();
  fail(new Error('late'));
});
