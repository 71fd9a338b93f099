import { afterEach, expect, it, vi } from 'vitest';

import { backoffMs } from './backoff.js';

afterEach(() => void vi.restoreAllMocks());

it('[core.backoff] doubles from 50 ms up to the longest, less up to a half at random', () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  expect([0, 1, 2, 6, 7, 5_000].map((failures) => backoffMs(failures))).toEqual([
    50, 100, 200, 3_200, 5_000, 5_000,
  ]);
  expect(backoffMs(20, 10_000)).toBe(10_000);
  random.mockReturnValue(1);
  expect([backoffMs(0), backoffMs(20)]).toEqual([25, 2_500]);
});
