import { event } from '@mobkit/contract-kit';
import { deadLettersOver, type DeadLetterStore, type NewEvent } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { refusal, unavailable } from '../test/flaky-store.js';
import { rest, start } from '../test/start.js';

async function startWithLetters() {
  const { storage } = await openMemoryStores();
  const letters = await deadLettersOver(storage);
  let failing = false;
  const keys: string[] = [];
  const deadLetters: DeadLetterStore = {
    ...letters,
    async put(letter) {
      keys.push(letter.key);
      if (failing) throw unavailable();
      await letters.put(letter);
    },
  };
  const started = await start({ deadLetters, batchSize: 4 });
  started.store.otherwise = (events) => {
    return events.some(({ id }) => id.startsWith('bad')) ? refusal('data') : 'store';
  };
  return {
    ...started,
    keys,
    fail: (now: boolean) => void (failing = now),
    kept: async () => (await letters.list()).letters,
  };
}

const said = (payload: unknown): Partial<NewEvent> => ({
  event: { kind: 'module', module: 'm', eventType: 'said', payload },
});

it('[log.dead-letters] keeps what the log refuses beside it, with why, and lets the rest pass', async () => {
  const { give, ingestion, store, kept } = await startWithLetters();
  give('a', 'bad-1', 'b', 'bad-2', 'c');
  const { persisted, dropped } = await ingestion.close();
  expect({ persisted, refused: dropped.refused }).toEqual({ persisted: 3, refused: 2 });
  expect(await kept()).toMatchObject([
    { eventId: 'bad-1', error: 'no', refusedAtMs: 0, event: JSON.stringify(event('bad-1')) },
    { eventId: 'bad-2' },
  ]);
  expect((await store.ids()).filter((id) => !id.startsWith('gap-'))).toEqual(['a', 'b', 'c']);
});

it('[log.dead-letters-any] keeps what is no JSON, no event or has no id, as close to it as can be written', async () => {
  const { ingestion, kept } = await startWithLetters();
  const cycle: Record<string, unknown> = { name: 'round' };
  cycle['self'] = cycle;
  ingestion.ingest(event('big', said(12n)));
  ingestion.ingest(event('cycle', said(cycle)));
  ingestion.ingest(event('late', { timestampMs: 2 ** 53 }));
  ingestion.ingest({ ...event('x'), id: undefined as unknown as string });
  ingestion.ingest(undefined as unknown as NewEvent);
  ingestion.ingest(event('long', { ...said('é'.repeat(100_000)), timestampMs: Infinity }));
  ingestion.ingest(event('huge', { timestampMs: 5n as unknown as number }));
  ingestion.ingest(event('odd', { timestampMs: Symbol('now') as unknown as number }));
  ingestion.ingest({ ...event('y'), id: Symbol('id') as unknown as string });
  ingestion.ingest(event('good'));
  expect(await ingestion.close()).toMatchObject({ persisted: 1, dropped: { refused: 9 } });
  const letters = new Map((await kept()).map((letter) => [letter.eventId, letter]));
  expect(letters.get('big')).toMatchObject({ error: expect.stringContaining('BigInt') });
  expect(letters.get('big')?.event).toContain('12n');
  expect(letters.get('cycle')?.event).toContain('round');
  expect(letters.get('late')?.error).toContain('timestampMs');
  expect(letters.get('long')?.event).toHaveLength(64 * 1024);
  expect([...letters.keys()].filter((id) => id === undefined)).toHaveLength(1);
  expect(await kept()).toHaveLength(9);
});

it('[log.dead-letters-retry] tries a letter again, under the same key, and holds no append up meanwhile', async () => {
  const { give, ingestion, clock, pass, keys, fail, kept, told } = await startWithLetters();
  fail(true);
  give('a', 'bad-1', 'b', 'c');
  for (let times = 0; times < 6; times++) await rest();
  await pass(1_000);
  await pass(1_000);
  expect(ingestion.stats()).toMatchObject({ persisted: 3 });
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(told.filter((error) => 'error' in error && error.error.includes('dead letters wait'))).toHaveLength(
    1,
  );
  fail(false);
  await pass(5_000);
  expect(await kept()).toHaveLength(1);
  await ingestion.close();
  expect(clock.waiting).toBe(0);
});

it('[log.dead-letters-close] gives up at the deadline of close, and says which', async () => {
  const { give, ingestion, clock, fail, told } = await startWithLetters();
  fail(true);
  give('bad-1', 'a', 'b', 'c');
  for (let times = 0; times < 6; times++) await rest();
  const closing = ingestion.close({ deadlineMs: 50 });
  clock.advance(50);
  await closing;
  await rest();
  expect(told).toContainEqual(
    expect.objectContaining({ error: expect.stringContaining('"bad-1" is not among the dead letters') }),
  );
  expect(clock.waiting).toBe(0);
});

it('[log.dead-letters-refused] gives up a letter that its store refuses, says so, and keeps those behind it', async () => {
  const { storage } = await openMemoryStores();
  const letters = await deadLettersOver(storage);
  const deadLetters: DeadLetterStore = {
    ...letters,
    put: (letter) => (letter.eventId === 'bad-1' ? Promise.reject(refusal()) : letters.put(letter)),
  };
  const { give, ingestion, store, told } = await start({ deadLetters, batchSize: 1 });
  store.otherwise = (events) => (events.some(({ id }) => id.startsWith('bad')) ? refusal('data') : 'store');
  give('bad-1', 'bad-2', 'a');
  await ingestion.close();
  await rest();
  expect((await letters.list()).letters.map(({ eventId }) => eventId)).toEqual(['bad-2']);
  expect(told).toContainEqual(
    expect.objectContaining({ error: expect.stringContaining('"bad-1" is not among the dead letters') }),
  );
});
