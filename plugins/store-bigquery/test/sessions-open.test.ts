import { ManualClock } from '@mobkit/contract-kit';
import { systemClock } from '@mobkit/core';
import { expect, it } from 'vitest';

import { BigQueryClient } from '../src/client/bigquery-client.js';
import { execute } from '../src/client/query.js';
import { openBigQuerySessions } from '../src/sessions/open-sessions.js';
import { sessionDataset } from './session-dataset.js';
import { closedAtEnd, NOW_MS, row } from './sessions-support.js';

it('[bigquery.sessions-table] makes a table by day and session, and opens one that is there, from several processes at once', async () => {
  const { options } = sessionDataset();
  const [one, other] = await Promise.all([openBigQuerySessions(options), openBigQuerySessions(options)]);
  closedAtEnd(one);
  closedAtEnd(other);
  expect(one.sessions.tableRef).toBe(`${options.dataset}.sessions`);
  await one.sessions.append([row('s-1')]);
  expect((await other.sessions.live()).rows).toEqual([row('s-1')]);
  const client = closedAtEnd(await BigQueryClient.open(options, systemClock));
  const path = `/datasets/${options.dataset}/tables/sessions`;
  expect(await client.call({ doing: 'look', method: 'GET', path })).toMatchObject({
    timePartitioning: { type: 'DAY', field: 'appended_on' },
    clustering: { fields: ['session_id'] },
  });
});

it('[bigquery.sessions-other-shape] refuses a table of another shape, names the column, and leaves it', async () => {
  const { options } = sessionDataset();
  closedAtEnd(await openBigQuerySessions(options));
  const client = closedAtEnd(await BigQueryClient.open(options, systemClock));
  const sql = `CREATE TABLE ${client.table('others').sql} (session_id INT64) PARTITION BY RANGE_BUCKET(session_id, GENERATE_ARRAY(0, 9, 1))`;
  const plain = `CREATE TABLE ${client.table('others').sql} (session_id INT64)`;
  await execute(client, sql, { doing: 'make' }).catch(() => execute(client, plain, { doing: 'make' }));
  await expect(openBigQuerySessions({ ...options, table: 'others' })).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    details: { field: 'table', column: 'session_id' },
  });
});

it('[bigquery.sessions-options] refuses what cannot be meant, and sends nothing', async () => {
  const { options } = sessionDataset();
  for (const [field, given] of [
    ['latestViewMinutes', { latestViewMinutes: 29 }],
    ['latestViewMinutes', { latestViewMinutes: 30.5 }],
    ['latestViewMinutes', { latestViewMinutes: 4321 }],
    ['compactEveryMs', { compactEveryMs: 0 }],
    ['compactEveryMs', { compactEveryMs: Number.NaN }],
    ['table', { table: 'a.b' }],
  ] as const) {
    await expect(openBigQuerySessions({ ...options, ...given })).rejects.toMatchObject({
      code: 'MOB_CONFIG_INVALID',
      details: { field },
    });
  }
});

it('[bigquery.sessions-every-six-hours] removes superseded rows every six hours unless told otherwise', async () => {
  const { options } = sessionDataset();
  const clock = new ManualClock(NOW_MS);
  const opened = await openBigQuerySessions(options, clock);
  expect(clock.nextDueMs).toBe(6 * 3_600_000);
  await opened.close();
  expect(clock.nextDueMs).toBeUndefined();
  const rarely = await openBigQuerySessions({ ...options, compactEveryMs: Infinity }, clock);
  expect(clock.nextDueMs ?? Infinity).toBe(Infinity);
  await rarely.close();
});

it('[bigquery.sessions-latest-view] reads latest and live rows from a view where it is told to, and history from the table', async () => {
  const dataset = sessionDataset();
  const opened = closedAtEnd(await openBigQuerySessions({ ...dataset.options, latestViewMinutes: 60 }));
  closedAtEnd(await openBigQuerySessions({ ...dataset.options, latestViewMinutes: 60 }));
  const { sessions } = opened;
  const gone = row('s-2', 6, { deleted: true });
  await sessions.append([row('s-1'), row('s-2'), gone, row('s-1')]);
  expect((await sessions.latest()).rows).toEqual([row('s-1'), gone]);
  expect((await sessions.live({ afterSessionId: '', limit: 1 })).rows).toEqual([row('s-1')]);
  expect((await sessions.history()).rows).toHaveLength(3);
  if (!dataset.local) return;
  const seen = (await dataset.statements()).map(({ sql }) => sql);
  const made = seen.filter((sql) => sql.startsWith('CREATE MATERIALIZED VIEW IF NOT EXISTS'));
  expect(made[0]).toContain('allow_non_incremental_definition = TRUE');
  expect(made[0]).toContain('max_staleness = INTERVAL 60 MINUTE');
  const read = seen.filter((sql) => sql.startsWith('SELECT')).map((sql) => sql.includes('.sessions_latest`'));
  expect(read).toEqual([true, true, false]);
});

it('[bigquery.sessions-fresh-rows] leaves rows that were streamed lately, and a row that was sent again after they are old', async () => {
  const dataset = sessionDataset();
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const { sessions } = closedAtEnd(await openBigQuerySessions(dataset.options, clock));
  const [first, second] = [row('s-1', 5, { payload: 1 }), row('s-1', 5, { payload: 2 })];
  await sessions.append([first, second]);
  // Still in the buffer, where no statement may touch them.
  expect(await sessions.compact()).toBe(0);
  if (!dataset.local) return;
  await dataset.release();
  await dataset.faults({ forgetInsertIds: true });
  aheadMs = 2 * 3_600_000;
  await sessions.append([first]);
  expect(await sessions.compact()).toBe(0);
  expect((await sessions.latest()).rows).toEqual([second]);
  await dataset.release();
  aheadMs *= 2;
  expect(await sessions.compact()).toBe(2);
  expect((await sessions.history()).rows).toEqual([second]);
});

it('[bigquery.sessions-late-answer] appends once when the answer was lost and the rows are sent again', async () => {
  const dataset = sessionDataset();
  const { sessions } = closedAtEnd(await openBigQuerySessions(dataset.options));
  if (dataset.local) {
    await dataset.faults({ forgetInsertIds: true, lost: { times: 1, path: 'insertAll' } });
  }
  const rows = [row('s-1', 5, { payload: 1 }), row('s-1', 5, { payload: 2 })];
  await sessions.append(rows);
  await sessions.append(rows.slice(0, 1));
  expect((await sessions.history()).rows).toEqual(rows);
  expect((await sessions.latest()).rows).toEqual(rows.slice(1));
});
