import { event } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { type FlakyStore, refusal } from '../test/flaky-store.js';
import { ids, rest, start } from '../test/start.js';

const CAP = 4096;

async function gaps(store: FlakyStore) {
  const { events } = await store.query({ afterSeq: 0, eventTypes: ['event_log.gap'], limit: 100_000 });
  return events.map(({ event: { payload }, ...gap }) => ({ ...gap, payload }));
}

it('[log.overflow] keeps the newest 4096 of 4196 while the log is down, and counts 100', async () => {
  const { store, told, ingestion, give, clock } = await start();
  store.otherwise = 'fail';
  give(...ids(0, 64));
  await rest();
  give(...ids(64, CAP + 100));
  await rest();
  expect(ingestion.stats()).toMatchObject({ accepted: 4196, buffered: CAP, dropped: { overflow: 100 } });
  expect(told.at(-1)).toEqual({
    category: 'event_log_flush_failure',
    error: 'event log flush failed: no answer; dropped 100 oldest so far, 4096 are kept; will retry',
  });

  store.otherwise = 'store';
  clock.advance(50);
  await ingestion.flush();
  const [gap, ...kept] = await store.ids();
  expect(gap).toMatch(/^gap-/);
  expect(kept).toEqual(ids(100, CAP + 100));
});

it('[log.overflow-in-flight] does not drop what is in an append that hangs', async () => {
  const { store, told, ingestion, give } = await start();
  store.otherwise = 'hold';
  give(...ids(0, 64));
  await rest();
  give(...ids(64, CAP + 10));
  await rest();
  expect(ingestion.stats()).toMatchObject({ buffered: CAP, dropped: { overflow: 10 } });
  expect(told).toHaveLength(1);
  store.otherwise = 'store';
  store.release();
  await ingestion.flush();
  const kept = await store.ids();
  expect(kept.slice(0, 64)).toEqual(ids(0, 64));
  expect(kept[64]).toMatch(/^gap-/);
  expect(kept.slice(65)).toEqual(ids(74, CAP + 10));
});

it('[log.gap] tells the log what was dropped, in its place, and counts the telling nowhere', async () => {
  const { store, ingestion, clock } = await start();
  store.answer('fail');
  for (let n = 0; n < CAP + 100; n++) {
    ingestion.ingest(event(`evt-${n}`, { timestampMs: 1_000 + n }));
    if (n === 63) await rest();
  }
  clock.set(99_000);
  await ingestion.flush({ retryNow: true });
  expect(await gaps(store)).toEqual([
    {
      seq: 1,
      id: expect.stringMatching(/^gap-/),
      timestampMs: 99_000,
      payload: {
        dropped: 100,
        reasons: { overflow: 100, refused: 0, corrupt: 0 },
        first_timestamp_ms: 1_000,
        last_timestamp_ms: 1_099,
        dropped_total: 100,
      },
    },
  ]);
  expect(ingestion.stats()).toMatchObject({ accepted: 4196, persisted: CAP });
});

it('[log.gap-refused] tells of a refused event too, between its neighbours', async () => {
  const { store, ingestion, give } = await start();
  store.otherwise = (events) => (events.some(({ id }) => id === 'bad') ? refusal('data') : 'store');
  give('a', 'bad', 'c');
  await ingestion.flush();
  expect(await store.ids()).toEqual(['a', expect.stringMatching(/^gap-/), 'c']);
  expect((await gaps(store))[0]).toMatchObject({ payload: { dropped: 1, reasons: { refused: 1 } } });
});

it('writes a gap though no event follows', async () => {
  const { store, ingestion, give, pass } = await start();
  store.answer(refusal('data'), 'fail');
  give('bad');
  await pass(1000);
  expect(await gaps(store)).toEqual([]);
  await pass(50);
  expect(await gaps(store)).toHaveLength(1);
  expect(ingestion.stats()).toMatchObject({ accepted: 1, persisted: 0 });
});

it('[log.gap-once] sends a gap whose answer was lost under the same id', async () => {
  const { store, ingestion, give, pass } = await start({ batchSize: 1 });
  store.answer(refusal('data'), 'lose', 'store');
  give('bad');
  await rest();
  await pass(50);
  expect(store.attempts[2]).toEqual(store.attempts[1]);
  expect(await gaps(store)).toHaveLength(1);
  expect(ingestion.stats()).toMatchObject({ persisted: 0, duplicate: 0 });
});

it('joins what is dropped while a gap cannot be written to it, and says what is dropped in all', async () => {
  const { store, ingestion, give } = await start({ batchSize: 1 });
  store.answer(refusal('data'), 'lose');
  give('bad');
  await rest();
  give(...ids(0, CAP + 5));
  await ingestion.flush({ retryNow: true });
  expect((await gaps(store)).map(({ payload }) => payload)).toMatchObject([
    { dropped: 1, dropped_total: 1 },
    { dropped: 6, dropped_total: 6 },
  ]);
});

it('[log.gap-poison] goes on without the gap when the log refuses it', async () => {
  const { store, told, ingestion, give } = await start();
  const isRefused = (id: string) => id === 'bad' || id.startsWith('gap-');
  store.otherwise = (events) => (events.some(({ id }) => isRefused(id)) ? refusal('data') : 'store');
  give('a', 'bad', 'c');
  await ingestion.flush();
  expect(await store.ids()).toEqual(['a', 'c']);
  expect(ingestion.stats()).toMatchObject({ persisted: 2, dropped: { refused: 1 } });
  expect(told).toHaveLength(2);
});
