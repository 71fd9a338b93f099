import { expect, it } from 'vitest';

import { type Bucket, take } from './token-bucket.js';

it('[delivery.rate-clocks] gives no more when processes take turns whose clocks do not agree', () => {
  let kept: Bucket | undefined;
  let taken = 0;
  for (let turn = 0; turn < 20; turn++) {
    const next = take(kept, 2, turn % 2 === 0 ? 100_000 : 70_000);
    if ('waitMs' in next) continue;
    taken += 1;
    kept = next.bucket;
  }
  expect(taken).toBe(2);
});

it('[delivery.rate-clocks] goes by a clock that was set back far from then on', () => {
  expect(take({ tokens: 0, atMs: 7_200_000 }, 2, 3_600_000)).toMatchObject({ waitMs: 30_000 });
  expect(take({ tokens: 1, atMs: 7_200_000 }, 2, 3_600_000)).toMatchObject({
    bucket: { tokens: 0, atMs: 3_600_000 },
  });
});
