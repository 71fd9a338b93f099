import { setImmediate as turn } from 'node:timers/promises';

import { ManualClock } from '@mobkit/contract-kit';
import { type EventArchive, eventArchiveOver, MobError } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { ArchiveCompaction } from './archive-compaction.js';

const HOUR_MS = 3_600_000;

/** An archive that does what the test says when it is compacted, and a storage that outlives whoever sees to it. */
async function compacted(compact: NonNullable<EventArchive['compact']>) {
  const { storage } = await openMemoryStores();
  const over = await eventArchiveOver((await openMemoryStores()).storage);
  const clock = new ManualClock(1_000_000);
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  const begin = async (archive: EventArchive = { ...over, compact }) =>
    ArchiveCompaction.begin({
      archive,
      storage,
      everyMs: 24 * HOUR_MS,
      onInfo: tell,
      onWarning: tell,
      clock,
    });
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turns = 0; turns < 5; turns++) await turn();
  };
  return { clock, told, begin, pass, over };
}

it('[archive.compacted] compacts a minute after a start and then once a day, whoever is started in between', async () => {
  let runs = 0;
  const { clock, told, begin, pass, over } = await compacted(() => Promise.resolve(++runs));
  const first = await begin();
  expect(first?.status).toEqual({});
  await pass(59_999);
  expect(runs).toBe(0);
  await pass(1);
  expect(first?.status).toEqual({ atMs: clock.now(), removed: 1 });
  expect(told).toEqual(['Compacting the archive removed 1 rows that counted no more']);
  await pass(10 * HOUR_MS);
  await first?.end();

  const again = await begin();
  expect(again?.status).toEqual(first?.status);
  await pass(14 * HOUR_MS - 1);
  expect(runs).toBe(1);
  await pass(1);
  expect(runs).toBe(2);
  await again?.end();
  // Later than it was due.
  await pass(30 * HOUR_MS);
  const late = await begin();
  await pass(60_000);
  expect(runs).toBe(3);
  await late?.end();
  // In other archives there is nothing to remove.
  expect([await begin(over), clock.waiting]).toEqual([undefined, 0]);
});

it('[archive.compaction-fails] says once that it fails, tries again after an hour, and is ended by a stop', async () => {
  const answers: (number | Error)[] = [new MobError('MOB_STORE_REFUSED', 'no'), new Error('no'), 0];
  let given: AbortSignal | undefined;
  const { clock, told, begin, pass } = await compacted((signal) => {
    given = signal;
    const answer = answers.shift();
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer !== undefined) return Promise.resolve(answer);
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('ended'))));
  });
  const compaction = await begin();
  await pass(60_000);
  const failing = { sinceMs: clock.now(), error: 'no' };
  await pass(HOUR_MS);
  expect(compaction?.status).toEqual({ failing });
  await pass(HOUR_MS);
  expect(compaction?.status).toEqual({ atMs: clock.now(), removed: 0 });
  expect(told).toEqual(['The archive could not be compacted: no', 'The archive can be compacted again']);
  await pass(24 * HOUR_MS);
  await compaction?.end();
  expect([given?.aborted, told.length, clock.waiting]).toEqual([true, 2, 0]);
});
