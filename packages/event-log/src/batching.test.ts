import { event } from '@mobkit/contract-kit';
import { createEventIngestion } from '@mobkit/event-log';
import { expect, it } from 'vitest';

import { openFlakyStore } from '../test/flaky-store.js';
import { ids, rest, start } from '../test/start.js';

it('[log.batch] writes at once when batchSize events wait', async () => {
  const { store, give } = await start({ batchSize: 3 });
  give('a', 'b');
  await rest();
  expect(store.attempts).toEqual([]);
  give('c');
  await rest();
  expect(store.attempts).toEqual([['a', 'b', 'c']]);
});

it('[log.interval] writes a smaller batch flushIntervalMs after its first event', async () => {
  const { store, give, pass } = await start({ flushIntervalMs: 1000 });
  await pass(700);
  give('a');
  await pass(600);
  give('b');
  await pass(399);
  expect(store.attempts).toEqual([]);
  await pass(1);
  expect(store.attempts).toEqual([['a', 'b']]);
});

it('times the next small batch by its own first event', async () => {
  const { store, give, pass } = await start({ batchSize: 2, flushIntervalMs: 1000 });
  give('a', 'b');
  await pass(900);
  give('c');
  await pass(999);
  expect(store.attempts).toHaveLength(1);
  await pass(1);
  expect(store.attempts).toEqual([['a', 'b'], ['c']]);
});

it('[log.caller] does not call the store in the turn of whoever ingests', async () => {
  const { store, give } = await start({ batchSize: 1 });
  give('a', 'b', 'c');
  expect(store.attempts).toEqual([]);
  await rest();
  expect(store.attempts).toEqual([['a', 'b', 'c']]);
});

it('[log.one-in-flight] keeps one append under way, and joins what came meanwhile in the next', async () => {
  const { store, give } = await start({ batchSize: 2 });
  store.otherwise = 'hold';
  give('a', 'b');
  await rest();
  give(...ids(0, 5));
  await rest();
  expect(store.attempts).toEqual([['a', 'b']]);
  store.release();
  await rest();
  expect(store.attempts).toEqual([['a', 'b'], ids(0, 5)]);
});

it('[log.largest-batch] puts at most 512 events in one append, and the rest at once after it', async () => {
  const { store, give } = await start();
  give(...ids(0, 520));
  await rest();
  expect(store.attempts).toEqual([ids(0, 512), ids(512, 520)]);
});

it('[log.batch-zero] takes a batchSize of 0 for 1', async () => {
  const { store, give } = await start({ batchSize: 0 });
  give('a');
  await rest();
  expect(store.attempts).toEqual([['a']]);
});

it.each([
  ['batchSize', -1],
  ['batchSize', Number.NaN],
  ['batchSize', 1.5],
  ['batchSize', 4096],
  ['flushIntervalMs', -1],
  ['flushIntervalMs', Infinity],
])('[log.config] refuses a %s of %d by its name', async (field, value) => {
  const store = await openFlakyStore();
  expect(() => createEventIngestion({ store, [field]: value })).toThrow(
    expect.objectContaining({ code: 'MOB_CONFIG_INVALID', message: expect.stringContaining(field) }),
  );
});

it('[log.filter] counts what the filter turns away, and writes the rest', async () => {
  const { store, ingestion, give } = await start({ filter: ({ eventType }) => eventType !== 'noise' });
  give('a');
  ingestion.ingest(event('b', { event: { kind: 'agent', agentId: 'x', eventType: 'noise' } }));
  await ingestion.flush();
  expect(await store.ids()).toEqual(['a']);
  expect(ingestion.stats()).toMatchObject({ accepted: 2, persisted: 1, filtered: 1, filterFailures: 0 });
});

it('[log.filter-throws] keeps an event its filter throws at, counts it, and tells of the first', async () => {
  const filter = () => {
    throw new Error('oops');
  };
  const { store, told, ingestion, give } = await start({ filter });
  give('a', 'b');
  await ingestion.flush();
  expect(await store.ids()).toEqual(['a', 'b']);
  expect(ingestion.stats()).toMatchObject({ persisted: 2, filterFailures: 2 });
  expect(told).toEqual([
    {
      category: 'event_log_flush_failure',
      error: 'event log flush failed: the filter threw oops; events it throws at are kept',
    },
  ]);
});

it('counts an id that the log had before as a duplicate', async () => {
  const { store, ingestion, give } = await start();
  await store.appendBatch([event('a')]);
  give('a', 'b', 'b');
  await ingestion.flush();
  expect(ingestion.stats()).toMatchObject({ accepted: 3, persisted: 1, duplicate: 2 });
});
