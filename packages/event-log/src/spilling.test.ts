import { join } from 'node:path';

import { event, ManualClock } from '@mobkit/contract-kit';
import { type ErrorEvent, MobError } from '@mobkit/core';
import { createEventIngestion, type EventIngestionOptions, openEventSpool } from '@mobkit/event-log';
import { expect, it } from 'vitest';

import { type FlakyStore, openFlakyStore, refusal } from '../test/flaky-store.js';
import { temporaryDirectory } from '../test/temporary-directory.js';
import { until } from '../test/until.js';

/** An ingestion with a spool, over a store that fails until it is told otherwise. */
async function start(
  { store: given, ...options }: Partial<EventIngestionOptions> & { readonly store?: FlakyStore } = {},
  directory = join(temporaryDirectory(), 'spool'),
) {
  const store = given ?? (await openFlakyStore());
  if (!given) store.otherwise = 'fail';
  const told: ErrorEvent[] = [];
  const onError = (error: ErrorEvent) => void told.push(error);
  const clock = new ManualClock();
  const spool = await openEventSpool({ directory, onError });
  const ingestion = createEventIngestion({ store, spool, clock, onError, batchSize: 8, ...options });
  const close = async () => {
    const stats = await ingestion.close();
    await spool.close();
    return stats;
  };
  const give = (from: number, to: number) => {
    for (let n = from; n < to; n++) ingestion.ingest(event(id(n)));
  };
  const spilled = (count: number) => until(() => ingestion.stats().spilled === count);
  /** Lets the store work, and everything reach it. */
  const recover = async (answer: FlakyStore['otherwise'] = 'store') => {
    store.otherwise = answer;
    await until(() => {
      clock.advance(5_000);
      const { spilled: left, buffered } = ingestion.stats();
      return left + buffered === 0;
    });
  };
  return { store, told, clock, spool, ingestion, give, spilled, recover, close, directory };
}

const id = (n: number) => `evt-${String(n).padStart(6, '0')}`;
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => id(from + n));

it('[log.spill] spills what it has when the log fails, and what comes then, and replays it in order', async () => {
  const { store, ingestion, give, spilled, recover, close } = await start();
  give(0, 10);
  await spilled(10);
  give(10, 12);
  await spilled(12);
  expect(ingestion.stats()).toMatchObject({ accepted: 12, spilled: 12, buffered: 0, persisted: 0 });
  await recover();
  give(12, 14);
  expect(await close()).toMatchObject({ accepted: 14, persisted: 14, spilled: 0, duplicate: 0 });
  expect(await store.ids()).toEqual(ids(0, 14));
});

it('[log.spill-beyond-memory] drops nothing in an outage of more events than memory holds', async () => {
  const { store, ingestion, give, recover, close } = await start();
  for (let n = 0; n < 20_000; n += 500) {
    give(n, n + 500);
    await until(() => ingestion.stats().buffered < 2_000);
  }
  expect(ingestion.stats().spilled).toBeGreaterThan(17_000);
  await recover();
  expect(await close()).toMatchObject({ persisted: 20_000, dropped: { overflow: 0 } });
  expect(await store.ids()).toEqual(ids(0, 20_000));
});

it('[log.spill-slow] spills when memory fills because the log does not answer, the append under way first', async () => {
  const { store, ingestion, give, spilled, recover, close } = await start();
  store.otherwise = 'hold';
  give(0, 10);
  await until(() => store.attempts.length === 1);
  give(10, 3_000);
  await until(() => ingestion.stats().buffered < 2_100);
  expect(ingestion.stats().spilled).toBeGreaterThan(900);
  store.release('fail');
  await spilled(3_000);
  await recover();
  await close();
  expect(await store.ids()).toEqual(ids(0, 3_000));
});

it('[log.spill-stored] settles in the spool what an append under way stored after all', async () => {
  const { store, ingestion, give, recover, close } = await start();
  store.otherwise = 'hold';
  give(0, 10);
  await until(() => store.attempts.length === 1);
  give(10, 3_000);
  await until(() => ingestion.stats().spilled > 900);
  store.release('store');
  await recover();
  expect(await close()).toMatchObject({ persisted: 3_000, duplicate: 0 });
  expect(await store.ids()).toEqual(ids(0, 3_000));
});

it('[log.spill-lost-answer] counts as persisted what was stored before its answer was lost', async () => {
  const { store, give, spilled, recover, close } = await start();
  store.otherwise = 'lose';
  give(0, 10);
  await spilled(10);
  await recover();
  expect(await close()).toMatchObject({ accepted: 10, persisted: 10, duplicate: 0 });
  expect(await store.ids()).toEqual(ids(0, 10));
});

it('[log.spill-restart] replays what an earlier process spilled, before anything new', async () => {
  const first = await start();
  first.give(0, 20);
  expect(await first.close()).toMatchObject({ accepted: 20, spilled: 20, dropped: { closed: 0 } });
  const second = await start({ store: first.store }, first.directory);
  expect(second.ingestion.stats()).toMatchObject({ recovered: 20, spilled: 20, accepted: 0 });
  second.give(20, 25);
  await second.recover();
  expect(await second.close()).toMatchObject({ recovered: 20, accepted: 5, persisted: 25, spilled: 0 });
  expect(await first.store.ids()).toEqual(ids(0, 25));
});

it('[log.spill-close] closes at once when all that is left is in the spool', async () => {
  const { give, clock, close } = await start();
  give(0, 100);
  // No time passes.
  expect(await close()).toMatchObject({ spilled: 100, buffered: 0, dropped: { closed: 0 } });
  expect(clock.waiting).toBe(0);
});

it('[log.spill-close-held] spills at the deadline what an append under way holds', async () => {
  const { store, give, clock, ingestion, spool } = await start();
  store.otherwise = 'hold';
  give(0, 10);
  await until(() => store.attempts.length === 1);
  give(10, 20);
  const closing = ingestion.close({ deadlineMs: 100 });
  clock.advance(100);
  expect(await closing).toMatchObject({ spilled: 20, dropped: { closed: 0 } });
  store.release('store');
  await spool.close();
});

it('[log.spill-refused] finds a refused event in the spool too, and tells of it in its place', async () => {
  const { store, ingestion, give, spilled, recover, close } = await start();
  give(0, 10);
  ingestion.ingest(event('bad'));
  give(10, 20);
  await spilled(21);
  await recover((events) => (events.some((one) => one.id === 'bad') ? refusal('data') : 'store'));
  expect(await close()).toMatchObject({ persisted: 20, dropped: { refused: 1 } });
  const kept = await store.ids();
  expect(kept[10]).toMatch(/^gap-/);
  expect(kept.toSpliced(10, 1)).toEqual(ids(0, 20));
});

it('[log.spill-not-json] refuses what cannot be written, and spills the rest', async () => {
  const { store, ingestion, give, spilled, recover, close } = await start();
  give(0, 8);
  await spilled(8);
  const payload: Record<string, unknown> = {};
  payload['self'] = payload;
  ingestion.ingest(event('cycle', { event: { kind: 'module', module: 'm', eventType: 'said', payload } }));
  give(8, 10);
  await spilled(10);
  expect(ingestion.stats()).toMatchObject({ accepted: 11, dropped: { refused: 1 } });
  await recover();
  await close();
  const kept = await store.ids();
  // In its place, though its neighbours were spilled in one go.
  expect(kept).toEqual([...ids(0, 8), expect.stringMatching(/^gap-/), ...ids(8, 10)]);
});

it('[log.spill-not-json-held] spills past what cannot be written, though it is in an append that is never answered', async () => {
  const { store, ingestion, give, recover, close } = await start();
  store.otherwise = 'hold';
  give(0, 7);
  ingestion.ingest(event('big', { event: { kind: 'module', module: 'm', eventType: 'said', payload: 1n } }));
  await until(() => store.attempts.length === 1);
  give(7, 4_000);
  await until(() => ingestion.stats().buffered < 2_100);
  expect(ingestion.stats().dropped).toMatchObject({ refused: 1, overflow: 0 });
  store.release('fail');
  await recover();
  expect(await close()).toMatchObject({ persisted: 4_000, dropped: { refused: 1, overflow: 0 } });
  expect((await store.ids()).filter((one) => !one.startsWith('gap-'))).toEqual(ids(0, 4_000));
});

it('[log.spill-full] keeps in memory what a full spool does not take, then drops the oldest there, and tells of it in place', async () => {
  const { store, ingestion, give, recover, close, clock, spool, told } = await start();
  give(0, 100);
  await until(() => ingestion.stats().spilled === 100);
  const append = spool.append.bind(spool);
  let full = true;
  spool.append = async (...given) => {
    if (full) throw new MobError('MOB_STORE_UNAVAILABLE', 'no space left on device', { retryable: true });
    return append(...given);
  };
  give(100, 5_000);
  expect(ingestion.stats().dropped.overflow).toBe(804);
  const spoolFailures = () => told.filter(({ category }) => category === 'event_spool_failure');
  await until(() => spoolFailures().length > 0);
  clock.advance(200);
  expect(spoolFailures()).toHaveLength(1);
  full = false;
  await recover();
  expect(await close()).toMatchObject({ accepted: 5_000, persisted: 4_196, dropped: { overflow: 804 } });
  const kept = await store.ids();
  expect(kept[100]).toMatch(/^gap-/);
  expect(kept.filter((one) => !one.startsWith('gap-'))).toEqual([...ids(0, 100), ...ids(904, 5_000)]);
});

it('[log.spill-flush] flushes what is in the spool too, and says what is left there', async () => {
  const { ingestion, give, spilled, recover, clock, close } = await start();
  give(0, 10);
  await spilled(10);
  const late = ingestion.flush({ deadlineMs: 50 });
  clock.advance(50);
  expect(await late).toEqual({ unflushed: 10 });
  const flushed = ingestion.flush();
  await recover();
  expect(await flushed).toEqual({ unflushed: 0 });
  await close();
});

it('[log.failing] says why nothing reaches the log, and since when, while that is so', async () => {
  const { ingestion, give, spilled, recover, clock, close } = await start();
  expect(ingestion.stats()).not.toHaveProperty('failing');
  clock.set(7_000);
  give(0, 10);
  await spilled(10);
  expect(ingestion.stats().failing).toEqual({ sinceMs: 7_000, error: 'no answer' });
  await recover();
  expect(ingestion.stats()).not.toHaveProperty('failing');
  await close();
});

it('[log.spill-slow-disk] replays what is spilled though events keep coming as fast as the disk takes them', async () => {
  const { store, ingestion, give, spilled, clock, spool, close } = await start();
  const append = spool.append.bind(spool);
  const writes: (() => void)[] = [];
  // One write is always under way.
  spool.append = async (...given) => {
    await new Promise<void>((resolve) => writes.push(resolve));
    await append(...given);
  };
  const persisted = () => ingestion.stats().persisted;
  give(0, 10);
  await until(() => writes.length > 0);
  writes.shift()?.();
  await spilled(10);
  store.otherwise = 'store';
  let given = 30;
  give(10, given);
  await until(async () => {
    // None is asked for any more when the log works again.
    await until(() => writes.length > 0 || persisted() > 0);
    // Before the one under way ends: the next begins with its end.
    give(given, (given += 20));
    clock.advance(5_000);
    writes.shift()?.();
    return persisted() > 0;
  });
  const writing = setInterval(() => writes.shift()?.(), 1);
  expect(await close()).toMatchObject({ persisted: given, dropped: { overflow: 0 } });
  clearInterval(writing);
  expect(await store.ids()).toEqual(ids(0, given));
});

it('[log.flush-closed] answers a flush after close at once', async () => {
  const { give, ingestion, close } = await start();
  give(0, 3);
  await close();
  expect(await ingestion.flush()).toEqual({ unflushed: 3 });
});
