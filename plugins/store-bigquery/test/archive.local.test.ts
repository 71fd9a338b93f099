import { event, ManualClock } from '@mobkit/contract-kit';
import { type Clock, type PersistedEvent, systemClock } from '@mobkit/core';
import { expect, it, onTestFinished } from 'vitest';

import { BigQueryClient } from '../src/client/bigquery-client.js';
import { TableEventArchive } from '../src/events/event-archive.js';
import { openBigQueryArchive, openBigQueryEventLog } from '../src/events/open-events.js';
import type { WriteMode } from '../src/events/options.js';
import { withTime } from './scripted-server.js';
import { testDataset } from './test-warehouse.js';

const DAY_MS = 86_400_000;
/** Midnight of a day that streams are taken for, some days ago. */
const BEGAN_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - 20 * DAY_MS;
/** As partitions are named. */
const partition = (day: number) =>
  new Date(BEGAN_MS + day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');

/** One event a second from day 0 on, or ten a day when they are `spread`. */
function archived(from: number, to: number, spread = false): PersistedEvent[] {
  return Array.from({ length: to - from + 1 }, (_, at) => {
    const seq = from + at;
    const timestampMs = BEGAN_MS + (spread ? Math.floor((seq - 1) / 10) * DAY_MS : 0) + seq * 1_000;
    return { ...event(`e${seq}`, { timestampMs, identity: seq % 2 ? 'odd' : 'even' }), seq };
  });
}

async function archiveIn(
  dataset = testDataset(),
  given: { mode?: WriteMode; retentionDays?: number } = {},
  clock?: Clock,
) {
  const tables = await dataset.tables({ table: 'event_archive', mode: 'stream', ...given }, clock);
  onTestFinished(() => tables.client.close());
  return { dataset, tables, archive: new TableEventArchive(tables) };
}

const seqsOf = async (archive: TableEventArchive, query = {}) =>
  (await archive.query({ afterSeq: 0, ...query })).events.map(({ seq }) => seq);
const numbers = (from: number, to: number) => archived(from, to).map(({ seq }) => seq);

it('[bigquery.archive-faults] keeps every event once whatever goes wrong on the way', async () => {
  const { dataset, archive } = await archiveIn();
  const once = { times: 1 };
  let seq = 0;
  for (const fault of [
    { answers: [{ ...once, status: 429, path: 'insertAll' }] },
    { answers: [{ ...once, status: 503, path: '/queries' }] },
    { answers: [{ ...once, status: 403, reason: 'quotaExceeded', path: 'insertAll' }] },
    { cut: { ...once, path: 'insertAll' } },
    { cut: { ...once, path: '/queries' } },
    { lost: { ...once, path: 'insertAll' }, forgetInsertIds: true },
    { lost: { ...once, path: '/queries' } },
    { slowJobs: 2 },
    { insertErrors: [{ index: 1, reason: 'backendError', ...once }] },
    { hiddenQueries: 2 },
  ]) {
    await dataset.faults(fault);
    await archive.put(archived(seq + 1, seq + 3));
    seq += 3;
    await dataset.faults({});
    expect({ fault, ...(await archive.bounds()) }).toEqual({ fault, firstSeq: 1, lastSeq: seq });
  }
  expect(await seqsOf(archive)).toEqual(numbers(1, seq));
});

it('[bigquery.archive-hidden] counts as held only what can be read, and puts again what could not be in time', async () => {
  const clock = new ManualClock(Date.now());
  const { dataset, archive } = await archiveIn(testDataset(), {}, clock);
  await archive.put(archived(1, 3));
  await dataset.faults({ hidden: true });
  await expect(withTime(clock, archive.put(archived(4, 6)))).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
    message: /does not show them/,
  });
  expect(await archive.bounds()).toEqual({ firstSeq: 1, lastSeq: 3 });
  await dataset.faults({});
  await dataset.release();
  await archive.put(archived(4, 6));
  expect(await seqsOf(archive)).toEqual(numbers(1, 6));
});

it('[bigquery.archive-refused] names the event that is refused and why, and holds none of its batch', async () => {
  const { dataset, archive } = await archiveIn();
  await dataset.faults({ insertErrors: [{ insertId: '0-2', reason: 'invalid', message: 'no such day' }] });
  await expect(archive.put(archived(1, 3))).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    message: expect.stringMatching(/no such day.*"e2"/) as string,
    details: { reason: 'data', server_reason: 'invalid', id: 'e2', seq: 2 },
  });
  expect(await archive.bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  await dataset.faults({});
  await archive.put(archived(1, 3));
  expect(await seqsOf(archive)).toEqual(numbers(1, 3));
});

it.each([
  ['stream', 'x', 10_000_000],
  // Of fewer characters than are loaded for their number.
  ['auto', '€', 4_000_000],
] as const)(
  '[bigquery.archive-large] takes an event that no request holds, whatever the mode (%s)',
  async (mode, letter, count) => {
    const { archive } = await archiveIn(testDataset(), { mode });
    const [one, two] = archived(1, 2) as [PersistedEvent, PersistedEvent];
    const payload = letter.repeat(count);
    const large: PersistedEvent = {
      ...two,
      event: { kind: 'module', module: 'm', eventType: 'said', payload },
    };
    await archive.put([one, large]);
    const { events } = await archive.query({ afterSeq: 1 });
    expect(events.map(({ seq, event: { payload: kept } }) => [seq, kept === payload])).toEqual([[2, true]]);
  },
);

it('[bigquery.archive-two] lets two processes put the same events, and tells whoever was overtaken', async () => {
  const { dataset, archive } = await archiveIn();
  const { archive: other } = await archiveIn(dataset);
  await other.put(archived(1, 2));
  await archive.put(archived(1, 7));
  // It knows of two.
  await other.put(archived(3, 4));
  expect(await archive.bounds()).toEqual({ firstSeq: 1, lastSeq: 7 });
  await other.put(archived(8, 9));
  const overtaken = { code: 'MOB_CONFLICT', details: { lastSeq: 9 } };
  await expect(archive.put(archived(8, 12))).rejects.toMatchObject(overtaken);
  await Promise.allSettled([archive.put(archived(10, 12)), other.put(archived(10, 15))]);
  await other.put(archived(10, 15));
  expect(await archive.bounds()).toEqual({ firstSeq: 1, lastSeq: 15 });
  expect(await seqsOf(archive)).toEqual(numbers(1, 15));
});

it('[bigquery.load-once] loads a batch once, however often it is put', async () => {
  const clock = new ManualClock(Date.now());
  const { dataset, archive, tables } = await archiveIn(testDataset(), { mode: 'load' }, clock);
  // The rows are loaded, and what says that they are is lost.
  await dataset.faults({ answers: [{ times: 20, status: 503, path: '/queries', after: 1 }] });
  await expect(withTime(clock, archive.put(archived(1, 5)))).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
  });
  await dataset.faults({});
  await withTime(clock, archive.put(archived(1, 5)));
  expect(await seqsOf(archive)).toEqual(numbers(1, 5));
  expect(await dataset.countRows(tables.events.sql)).toBe(5);
});

it('[bigquery.partitions] asks only for the partitions that the bounds of a page name', async () => {
  const { dataset, archive } = await archiveIn();
  // Ten events on each of ten days.
  await archive.put(archived(1, 100, true));
  const asked = async (query: Parameters<TableEventArchive['query']>[0]) => {
    await dataset.forgetStatements();
    const { events } = await archive.query(query);
    const pages = (await dataset.statements()).filter(({ sql }) => sql.includes('QUALIFY'));
    for (const { sql } of pages) expect(sql).toMatch(/WHERE \(event_day BETWEEN @day_0_from AND @day_0_to/);
    return {
      seqs: events.map(({ seq }) => seq),
      partitions: pages.map(({ partitions }) =>
        partitions === 'all' ? 'all' : [...(partitions ?? [])].toSorted(),
      ),
    };
  };
  const days = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => partition(from + at));
  // One more than the page has is looked for.
  expect(await asked({ afterSeq: 13, limit: 3 })).toEqual({ seqs: [14, 15, 16], partitions: [days(1, 1)] });
  expect(await asked({ afterSeq: 18, limit: 3 })).toEqual({
    seqs: [19, 20, 21],
    partitions: [days(1, 1), days(2, 2)],
  });
  expect(await asked({ limit: 2 })).toEqual({ seqs: [99, 100], partitions: [days(9, 9)] });
  expect(await asked({ beforeSeq: 31, limit: 1 })).toEqual({ seqs: [30], partitions: [days(2, 2)] });
  const third = { afterSeq: 0, sinceMs: BEGAN_MS + 3 * DAY_MS, untilMs: BEGAN_MS + 4 * DAY_MS };
  expect(await asked({ ...third, limit: 2 })).toEqual({ seqs: [31, 32], partitions: [days(3, 3)] });
  // What is rare is looked for in twice as many partitions each time.
  const rare = await asked({ afterSeq: 0, identity: 'nobody' });
  expect(rare).toEqual({ seqs: [], partitions: [days(0, 0), days(1, 2), days(3, 6), days(7, 9)] });
});

it('[bigquery.late-event] finds an event that came days late, and one from tomorrow, by the time it happened', async () => {
  const { archive } = await archiveIn();
  const [one, two, three, four] = archived(1, 4, false) as [
    PersistedEvent,
    PersistedEvent,
    PersistedEvent,
    PersistedEvent,
  ];
  const late = { ...three, timestampMs: BEGAN_MS - 5 * DAY_MS };
  const early = { ...four, timestampMs: Date.now() + 400 * DAY_MS };
  await archive.put([one, { ...two, timestampMs: BEGAN_MS + 3 * DAY_MS }, late, early]);
  await archive.put([{ ...four, seq: 5 }]);
  expect(await seqsOf(archive)).toEqual([1, 2, 3, 4, 5]);
  expect(await seqsOf(archive, { untilMs: BEGAN_MS })).toEqual([3]);
  expect(await seqsOf(archive, { sinceMs: Date.now() + DAY_MS })).toEqual([4]);
  expect(await seqsOf(archive, { sinceMs: BEGAN_MS, untilMs: BEGAN_MS + DAY_MS })).toEqual([1, 5]);
});

it('[bigquery.ceiling] refuses a page that would read more than is allowed, and says beforehand how much it is', async () => {
  const dataset = testDataset();
  const { archive } = await archiveIn(dataset);
  await archive.put(archived(1, 50));
  const bytes = await archive.estimateBytes({ afterSeq: 0, identity: 'odd' });
  expect(bytes).toBeGreaterThan(1_000);
  const { archive: careful } = await archiveIn({
    ...dataset,
    tables: (given) => testDataset({ ...dataset.options, maxBytesBilled: 1_000 }).tables(given),
  });
  await expect(careful.query({ afterSeq: 0 })).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    message: /maxBytesBilled/,
  });
  // What writing looks at is no page: a day grows beyond any ceiling.
  await careful.put(archived(51, 52));
  expect(await careful.bounds()).toEqual({ firstSeq: 1, lastSeq: 52 });
});

it('[bigquery.retention] forgets days that have expired as a whole, and begins after them', async () => {
  const { dataset, archive } = await archiveIn(testDataset(), { retentionDays: 30 });
  await archive.put(archived(1, 100, true));
  expect(await archive.bounds()).toEqual({ firstSeq: 1, lastSeq: 100 });
  // Day 6 began fourteen days ago and more.
  const { archive: shorter } = await archiveIn(dataset, { retentionDays: 14 });
  expect(await shorter.bounds()).toEqual({ firstSeq: 71, lastSeq: 100 });
  expect(await shorter.query({ afterSeq: 0, limit: 1 })).toMatchObject({
    events: [{ seq: 71 }],
    firstSeq: 71,
  });
  const { archive: none } = await archiveIn(dataset, { retentionDays: 2 });
  expect(await none.bounds()).toEqual({ firstSeq: 101, lastSeq: 100 });
  await none.put(archived(101, 102, true));
  expect(await none.bounds()).toEqual({ firstSeq: 101, lastSeq: 102 });
});

it('[bigquery.compact] removes rows that were written twice, not from where streams still are, and stops when told', async () => {
  const { dataset, tables, archive } = await archiveIn();
  await dataset.faults({ forgetInsertIds: true, lost: { times: 2, path: 'insertAll' } });
  await archive.put(archived(1, 20, true));
  await dataset.faults({});
  await archive.put(archived(21, 25, true));
  const count = () => dataset.countRows(tables.events.sql);
  expect(await count()).toBe(65);
  // Written just now, although the server would let it be removed.
  await dataset.release();
  expect(await archive.compact()).toBe(0);
  await dataset.age(tables.events.sql, 3 * 3_600_000);
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(archive.compact(stopped)).rejects.toThrow('enough');
  expect(await count()).toBe(65);
  expect(await archive.compact()).toBe(40);
  expect(await count()).toBe(25);
  expect(await seqsOf(archive)).toEqual(numbers(1, 25));
});

it('[bigquery.read-only] reads without making or changing anything, and finds no events where there are no tables', async () => {
  const dataset = testDataset();
  const { archive, close } = await openBigQueryArchive({ ...dataset.options, readOnly: true });
  onTestFinished(close);
  const log = await openBigQueryEventLog({ ...dataset.options, readOnly: true });
  onTestFinished(() => log.close());
  const nothing = { events: [], firstSeq: 1, lastSeq: 0, more: false };
  expect(await archive.bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  expect(await archive.query({ afterSeq: 0 })).toMatchObject(nothing);
  expect(await log.eventLog.query({ afterSeq: 0 })).toMatchObject(nothing);
  for (const refused of [archive.put(archived(1, 2)), archive.compact(), log.compact()]) {
    await expect(refused).rejects.toMatchObject({ code: 'MOB_STORE_REFUSED', retryable: false });
  }
  const client = await BigQueryClient.open(dataset.options, systemClock);
  onTestFinished(() => client.close());
  const looked = client.call({ doing: 'look', method: 'GET', path: `/datasets/${dataset.options.dataset}` });
  await expect(looked).rejects.toMatchObject({ details: { status: 404 } });

  const { archive: writer } = await archiveIn(dataset);
  await writer.put(archived(1, 3));
  expect((await archive.query({ afterSeq: 0 })).events).toEqual(archived(1, 3));
});
