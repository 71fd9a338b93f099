import { expect, it } from 'vitest';

import { ratio } from './alternate.js';
import { median } from './bench.js';
import { percentile } from './percentile.js';
import { slope } from './slope.js';

it('[bench.arithmetic] takes the middle, the sample that so many do not exceed, the line through points, and the ratio round by round', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect([percentile(hundred, 99), percentile(hundred, 50), percentile([7], 99)]).toEqual([99, 50, 7]);
  expect(
    slope([
      [0, 1],
      [1, 4],
      [2, 4],
      [3, 7],
    ]),
  ).toBeCloseTo(1.8);
  expect(ratio([2, 30, 4], [1, 10, 4])).toBe(2);
});
