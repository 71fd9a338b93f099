import { event, ManualClock } from '@mobkit/contract-kit';
import type { Clock } from '@mobkit/core';
import { describe, expect, it } from 'vitest';

import { refusal, unavailable } from '../test/flaky-store.js';
import { ids, rest, start } from '../test/start.js';

const FIRST_RETRY_MS = 50;

it('[log.retry] keeps events over failures: a third attempt stores both, once', async () => {
  const { store, ingestion, give, pass } = await start();
  store.answer('fail', 'fail');
  const left: number[] = [];
  give('a', 'b');
  for (const ms of [1000, FIRST_RETRY_MS, 2 * FIRST_RETRY_MS]) {
    await pass(ms);
    left.push(ingestion.stats().buffered);
  }
  expect(left).toEqual([2, 2, 0]);
  expect(store.attempts).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(await store.ids()).toEqual(['a', 'b']);
});

it('[log.order] keeps the order over failures, with what came meanwhile behind', async () => {
  const { store, ingestion, give } = await start({ batchSize: 2 });
  store.otherwise = 'hold';
  give('a', 'b');
  await rest();
  give('c', 'd');
  store.release('lose');
  await rest();
  give('e');
  store.otherwise = 'store';
  await ingestion.flush({ retryNow: true });
  expect(await store.ids()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(store.attempts).toEqual([
    ['a', 'b'],
    ['a', 'b', 'c', 'd', 'e'],
  ]);
});

it('[log.backoff] waits 50 ms after a failure, doubled up to 5 s, less up to a half, and begins anew', async () => {
  const waits: number[] = [];
  const manual = new ManualClock();
  const clock: Clock = {
    now: () => manual.now(),
    after(delayMs, run) {
      waits.push(delayMs);
      return manual.after(delayMs, run);
    },
  };
  const { store, give } = await start({ batchSize: 1, clock });
  const expectWaits = async (...longest: readonly number[]) => {
    for (const longestMs of longest) {
      const waitMs = waits.at(-1) ?? 0;
      expect(waitMs).toBeGreaterThanOrEqual(longestMs / 2);
      expect(waitMs).toBeLessThanOrEqual(longestMs);
      manual.advance(waitMs);
      await rest();
    }
  };
  store.otherwise = 'fail';
  give('a');
  await rest();
  await expectWaits(50, 100, 200, 400, 800, 1600, 3200, 5000, 5000);
  expect(waits).toHaveLength(10);
  store.otherwise = 'store';
  await expectWaits(5000);
  store.otherwise = 'fail';
  give('b');
  await rest();
  await expectWaits(50, 100);
});

it('does not try for every event while it waits after a failure', async () => {
  const { store, give } = await start({ batchSize: 1 });
  store.answer('fail');
  give('a');
  await rest();
  give('b', 'c');
  await rest();
  expect(store.attempts).toEqual([['a']]);
});

it('[log.tells-changes] tells of the first failure and of the recovery, not of every attempt', async () => {
  const { store, told, give, pass } = await start();
  store.answer('fail', 'fail', 'fail');
  give('a');
  await pass(1000);
  await pass(FIRST_RETRY_MS);
  await pass(2 * FIRST_RETRY_MS);
  expect(told).toEqual([
    { category: 'event_log_flush_failure', error: 'event log flush failed: no answer; will retry' },
  ]);
  await pass(4 * FIRST_RETRY_MS);
  expect(told[1]).toEqual({ category: 'event_log_flush_recovered', downMs: 7 * FIRST_RETRY_MS });
  expect(told).toHaveLength(2);
});

it('[log.lost-answer] counts what a failed append had stored as persisted', async () => {
  const { store, ingestion, give } = await start({ batchSize: 2 });
  store.answer('lose');
  give('a', 'b');
  await rest();
  give('c', 'a');
  await ingestion.flush({ retryNow: true });
  expect(await store.ids()).toEqual(['a', 'b', 'c']);
  expect(ingestion.stats()).toMatchObject({ accepted: 4, persisted: 3, duplicate: 1 });
});

describe('a refusal', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  let deep: unknown[] = [];
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const withPayload = (id: string, payload: unknown) =>
    event(id, { event: { kind: 'module', module: 'm', eventType: 'said', payload } });

  it.each([
    ['a BigInt', withPayload('bad', 1n)],
    ['a cycle', withPayload('bad', cyclic)],
    ['what is nested too deeply', withPayload('bad', deep)],
    ['a time that is no number', event('bad', { timestampMs: Number.NaN })],
  ])('[log.bad-event] drops an event with %s alone and counts it', async (_, bad) => {
    const { store, told, ingestion, give } = await start();
    give('a', 'b');
    ingestion.ingest(bad);
    give('c');
    expect(await ingestion.flush()).toEqual({ unflushed: 0 });
    await rest();
    expect((await store.ids()).filter((id) => !id.startsWith('gap-'))).toEqual(['a', 'b', 'c']);
    expect(ingestion.stats()).toMatchObject({ accepted: 4, persisted: 3, dropped: { refused: 1 } });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ error: expect.stringContaining('"bad"') });
  });

  it('counts what is no event at all', async () => {
    const { told, ingestion } = await start();
    ingestion.ingest(undefined as never);
    await rest();
    expect(ingestion.stats()).toMatchObject({ accepted: 1, buffered: 0, dropped: { refused: 1 } });
    expect(told).toHaveLength(1);
  });

  it('[log.bisect] finds one of 512 that the log refuses in about twenty appends', async () => {
    const { store, ingestion, give } = await start();
    store.otherwise = (events) => (events.some(({ id }) => id === 'evt-300') ? refusal('data') : 'store');
    give(...ids(0, 512));
    await ingestion.flush();
    expect(store.attempts.length).toBeLessThan(20);
    expect(ingestion.stats()).toMatchObject({ persisted: 511, dropped: { refused: 1 } });
  });

  it('needs few appends for each of many bad events in a row', async () => {
    const { ingestion, store, give } = await start();
    store.otherwise = (events) => (events.some(({ id }) => id.startsWith('evt')) ? refusal('data') : 'store');
    give(...ids(0, 512));
    await ingestion.close();
    expect(store.attempts.length).toBeLessThan(4 * 512);
    expect(ingestion.stats()).toMatchObject({ persisted: 0, dropped: { refused: 512 } });
  });

  it.each([
    ['a refusal of everything', refusal()],
    ['an error of no known kind', new Error('what?')],
    ['a backend that does not answer', unavailable()],
    ['a TypeError that is not about the events', new TypeError('fetch failed')],
  ])('[log.refuses-all] drops nothing for %s', async (_, error) => {
    const { store, ingestion, give, pass } = await start();
    store.answer(error, error);
    give('a', 'b');
    await pass(1000);
    await pass(FIRST_RETRY_MS);
    expect(ingestion.stats()).toMatchObject({ buffered: 2, dropped: { refused: 0 } });
    await pass(2 * FIRST_RETRY_MS);
    expect(await store.ids()).toEqual(['a', 'b']);
  });
});

it('[log.type-error] drops only the event to blame when a TypeError may be about the connection', async () => {
  const { store, ingestion, pass } = await start();
  store.otherwise = new TypeError('fetch failed');
  ingestion.ingest(event('a'));
  ingestion.ingest(event('x'.repeat(401)));
  ingestion.ingest(event('c'));
  for (let ms = 0; ms < 20_000; ms += 1_000) await pass(1_000);
  expect(ingestion.stats()).toMatchObject({ buffered: 3, dropped: { refused: 0 } });
  store.otherwise = 'store';
  await ingestion.close();
  expect(ingestion.stats()).toMatchObject({ persisted: 2, dropped: { refused: 1 } });
});

it.each([
  ['nothing', undefined],
  ['no duplicates', { stored: 2, lastSeq: 2 }],
  ['more duplicates than events', { stored: 0, lastSeq: 2, duplicates: ['a', 'b', 'c'] }],
])(
  '[log.malformed-answer] takes an answer with %s for a failure: told, and tried again',
  async (_, answer) => {
    const { store, told, ingestion, give, pass } = await start();
    const { appendBatch } = store;
    store.appendBatch = () => Promise.resolve(answer as never);
    give('a', 'b');
    await pass(1000);
    expect(ingestion.stats()).toMatchObject({ buffered: 2, persisted: 0 });
    expect(told).toMatchObject([{ category: 'event_log_flush_failure' }]);
    store.appendBatch = appendBatch;
    await pass(50);
    expect(ingestion.stats()).toMatchObject({ buffered: 0, persisted: 2 });
    expect(await ingestion.close()).toMatchObject({ persisted: 2 });
  },
);
