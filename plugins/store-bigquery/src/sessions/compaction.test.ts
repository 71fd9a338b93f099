import { ManualClock } from '@mobkit/contract-kit';
import { MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { compactNowAndThen } from './compaction.js';

const HOUR_MS = 3_600_000;

/** Compacts every six hours, as often as the clock says, and keeps what was told of it. */
function compacting(compact: () => Promise<number> = async () => 0) {
  const clock = new ManualClock();
  const runs: number[] = [];
  const told: MobError[] = [];
  const stop = compactNowAndThen({
    compact: () => (runs.push(clock.now()), compact()),
    clock,
    everyMs: 6 * HOUR_MS,
    onError: (error) => told.push(error),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { runs, told, stop, pass, clock };
}

it('[bigquery.sessions-compacts] removes superseded rows time and again, the first time after one pause', async () => {
  const { runs, pass, stop, clock } = compacting();
  await pass(6 * HOUR_MS - 1);
  expect(runs).toEqual([]);
  await pass(1);
  await pass(6 * HOUR_MS);
  expect(runs).toEqual([6 * HOUR_MS, 12 * HOUR_MS]);
  await stop();
  expect(clock.nextDueMs).toBeUndefined();
});

it('[bigquery.sessions-compacts-on] tells of a removal that failed, and goes on', async () => {
  const refused = new MobError('MOB_STORE_REFUSED', 'no');
  const failures = [refused, new Error('odd')];
  const { runs, told, pass, stop } = compacting(async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    return 0;
  });
  for (let times = 0; times < 3; times++) await pass(6 * HOUR_MS);
  expect(runs).toHaveLength(3);
  expect(told[0]).toBe(refused);
  expect(told[1]).toMatchObject({
    code: 'MOB_STORE_REFUSED',
    message: expect.stringContaining('odd') as string,
  });
  expect(told).toHaveLength(2);
  await stop();
});

it('[bigquery.sessions-compacts-ended] is stopped with the removal under way, of whose failure nothing is told any more', async () => {
  let fail = () => {};
  const { told, pass, stop, clock } = compacting(
    () => new Promise((_, reject) => (fail = () => reject(new Error('closed')))),
  );
  await pass(6 * HOUR_MS);
  let stopped = false;
  const stopping = stop().then(() => (stopped = true));
  await pass(0);
  expect(stopped).toBe(false);
  fail();
  await stopping;
  expect(told).toEqual([]);
  expect(clock.nextDueMs).toBeUndefined();
});
