import { setImmediate as turn } from 'node:timers/promises';

import { event, ManualClock } from '@mobkit/contract-kit';
import { type Clock, type MobError, type NewEvent, systemClock } from '@mobkit/core';
import { expect, it, onTestFinished } from 'vitest';

import { type BigQueryEventLogOptions, openBigQueryEventLog } from '../src/events/open-events.js';
import { withTime } from './scripted-server.js';
import { testDataset } from './test-warehouse.js';

async function openLog(
  dataset: ReturnType<typeof testDataset>,
  given: Partial<BigQueryEventLogOptions> = {},
  clock?: Clock,
) {
  const log = await openBigQueryEventLog({ ...dataset.options, mode: 'stream', ...given }, clock);
  onTestFinished(() => log.close());
  return log.eventLog;
}

const events = (...ids: readonly string[]): NewEvent[] => ids.map((id) => event(id));
const idsOf = async (log: Awaited<ReturnType<typeof openLog>>) =>
  (await log.query({ afterSeq: 0 })).events.map(({ seq, id }) => `${seq} ${id}`);
const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
const headOf = ({ options }: ReturnType<typeof testDataset>) =>
  `\`${options.projectId}.${options.dataset}.event_log_head\``;

it('[bigquery.lease] has one writer at a time, names it to the next, and lets anybody read', async () => {
  const dataset = testDataset();
  const first = await openBigQueryEventLog(dataset.options);
  await first.eventLog.appendBatch(events('a'));
  const refused = await failure(openBigQueryEventLog(dataset.options));
  expect(refused).toMatchObject({
    code: 'MOB_LEASE_HELD',
    retryable: true,
    details: { owner: expect.stringContaining(`:${process.pid}:`) as string },
  });
  const reader = await openLog(dataset, { readOnly: true });
  expect(await idsOf(reader)).toEqual(['1 a']);
  await expect(reader.appendBatch(events('b'))).rejects.toMatchObject({ code: 'MOB_STORE_REFUSED' });
  await first.close();
  const second = await openLog(dataset);
  await second.appendBatch(events('b'));
  expect(await idsOf(reader)).toEqual(['1 a', '2 b']);
});

it('[bigquery.lease-lost] stops a writer whose lease another took, and what it still wrote counts nowhere', async () => {
  const dataset = testDataset();
  const told: MobError[] = [];
  const first = await openLog(dataset, { onError: (error) => told.push(error) });
  await first.appendBatch(events('a'));
  await dataset.change(`UPDATE ${headOf(dataset)} SET lease_until_ms = 0 WHERE TRUE`);
  const second = await openLog(dataset);
  const late = await failure(first.appendBatch(events('late')));
  expect(late).toMatchObject({ code: 'MOB_LEASE_LOST', details: { owner: expect.any(String) as string } });
  expect(await failure(first.appendBatch(events('later')))).toBe(late);
  expect(told).toEqual([late]);
  await second.appendBatch(events('b', 'c'));
  await second.appendBatch(events('late'));
  expect(await idsOf(second)).toEqual(['1 a', '2 b', '3 c', '4 late']);
});

it('[bigquery.lease-kept] keeps its lease while nobody writes, and notices when it is gone', async () => {
  const dataset = testDataset();
  const told: string[] = [];
  let renew = () => {};
  const renewals = { ...systemClock, after: timers };
  function timers(...[ms, run, options]: Parameters<Clock['after']>): () => void {
    if (!options?.background) return systemClock.after(ms, run);
    renew = run;
    return () => {};
  }
  await openLog(dataset, { onError: ({ code }) => told.push(code) }, renewals);
  await dataset.change(`UPDATE ${headOf(dataset)} SET lease_until_ms = 1 WHERE TRUE`);
  const renewed = renew;
  renew();
  while (renew === renewed) await new Promise((resolve) => setImmediate(resolve));
  expect(await failure(openBigQueryEventLog(dataset.options))).toMatchObject({ code: 'MOB_LEASE_HELD' });
  await dataset.change(`UPDATE ${headOf(dataset)} SET owner = 'another' WHERE TRUE`);
  renew();
  while (told.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(['MOB_LEASE_LOST']);
});

it('[bigquery.unsure] takes another batch after one of which nobody knows what became, and mixes nothing up', async () => {
  const dataset = testDataset();
  const clock = new ManualClock(Date.now());
  const log = await openLog(dataset, {}, clock);
  await log.appendBatch(events('a'));
  // The rows are there; that they count could not be said.
  await dataset.faults({ answers: [{ times: 50, status: 503, path: '/queries' }] });
  await expect(withTime(clock, log.appendBatch(events('half', 'done')))).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
  });
  await dataset.faults({});
  expect(await log.appendBatch(events('b'))).toEqual({ stored: 1, duplicates: [], lastSeq: 2 });
  expect(await log.appendBatch(events('half', 'done'))).toEqual({ stored: 2, duplicates: [], lastSeq: 4 });
  expect(await idsOf(log)).toEqual(['1 a', '2 b', '3 half', '4 done']);
  const reader = await openLog(dataset, { readOnly: true });
  expect(await idsOf(reader)).toEqual(await idsOf(log));
});

it('[bigquery.log-again] stores a batch once whose answer was lost', async () => {
  const dataset = testDataset();
  const clock = new ManualClock(Date.now());
  const log = await openLog(dataset, {}, clock);
  // It counts, and nobody was told.
  await dataset.faults({ lost: { times: 50, path: '/queries' } });
  await expect(withTime(clock, log.appendBatch(events('a', 'b')))).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
  });
  await dataset.faults({});
  expect(await log.appendBatch(events('a', 'b', 'c'))).toEqual({
    stored: 1,
    duplicates: ['a', 'b'],
    lastSeq: 3,
  });
  expect(await idsOf(log)).toEqual(['1 a', '2 b', '3 c']);
});

it('[bigquery.joined] writes appends that wait together, and refuses only that with the event to blame', async () => {
  const dataset = testDataset();
  const log = await openLog(dataset);
  await dataset.faults({
    insertErrors: [
      { insertId: '1-3', reason: 'invalid' },
      { insertId: '2-3', reason: 'invalid' },
    ],
  });
  const appends = [events('a', 'b'), events('wrong'), events('c')].map((batch) => log.appendBatch(batch));
  const [one, wrong, three] = await Promise.allSettled(appends);
  expect(one).toMatchObject({ value: { stored: 2, lastSeq: expect.any(Number) as number } });
  expect(wrong).toMatchObject({ reason: { code: 'MOB_STORE_REFUSED', details: { reason: 'data' } } });
  expect(three).toMatchObject({ value: { stored: 1, duplicates: [] } });
  await dataset.faults({});
  expect((await idsOf(log)).map((id) => id.split(' ')[1])).toEqual(['a', 'b', 'c']);
});

it('[bigquery.prepared-twice] lets several processes prepare the same tables at once', async () => {
  const dataset = testDataset();
  const prepared = await Promise.all(Array.from({ length: 4 }, () => dataset.tables({ table: 'event_log' })));
  for (const { client, head } of prepared) {
    expect((await head.read()).lastSeq).toBe(0);
    await client.close();
  }
  expect(await dataset.countRows(headOf(dataset))).toBe(1);
});

it('[bigquery.parameters] puts nothing of a query or an event into a statement', async () => {
  const dataset = testDataset();
  const log = await openLog(dataset);
  const hostile = 'x\' OR `1`="1" --';
  await log.appendBatch([event(hostile, { runId: hostile, identity: hostile, timestampMs: 777_800 })]);
  const where = { runId: hostile, identity: hostile, eventTypes: [hostile], memberId: hostile };
  expect(await log.query({ ...where, afterSeq: 0, sinceMs: 777_777, untilMs: 888_888 })).toMatchObject({
    events: [],
  });
  for (const { sql } of await dataset.statements()) {
    expect(sql).not.toMatch(/OR `1`|777777|888888/);
  }
});

it('[bigquery.log-close] closes a log whose warehouse is away, with appends that wait', async () => {
  const dataset = testDataset();
  const clock = new ManualClock(Date.now());
  const { eventLog, close } = await openBigQueryEventLog(dataset.options, clock);
  await dataset.faults({ away: 'refuse' });
  const failures = ['a', 'b'].map((id) =>
    eventLog.appendBatch([event(id, { timestampMs: clock.now() })]).catch((error: unknown) => error),
  );
  await turns();
  const later = eventLog.appendBatch([event('c')]).catch((error: unknown) => error);
  await withTime(clock, close());
  const errors = await Promise.all([...failures, later]);
  expect(errors.every((error) => error instanceof Error)).toBe(true);
  expect(clock.waiting).toBe(0);
});

async function turns(): Promise<void> {
  for (let at = 0; at < 50; at++) await turn();
}
