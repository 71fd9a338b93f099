import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import type { BigQueryInfo } from '../src/client/options.js';
import { bool, date, int64, text, texts } from '../src/client/parameters.js';
import { estimateBytes, execute, query } from '../src/client/query.js';
import { failed, scriptedServer, withTime } from './scripted-server.js';

const job = { jobReference: { projectId: 'p', jobId: 'j1', location: 'EU' } };
const schema = {
  fields: [
    { name: 'a', type: 'INTEGER' },
    { name: 'b', type: 'STRING' },
  ],
};
const row = (a: string, b: string | null) => ({ f: [{ v: a }, { v: b }] });

it('[bigquery.query] sends values as parameters with their types, and tells what it read', async () => {
  const told: BigQueryInfo[] = [];
  const server = await scriptedServer([
    { json: { ...job, jobComplete: true, schema, rows: [row('1', null)], totalBytesProcessed: '77' } },
  ]);
  const client = await server.client({
    maxBytesBilled: 1_000,
    location: 'EU',
    onInfo: (info) => told.push(info),
  });
  const parameters = {
    id: text("'; DROP TABLE x; --"),
    ids: texts(['`', '"']),
    at: int64(-5),
    day: date('2026-01-31'),
    on: bool(true),
  };
  expect(await query(client, 'SELECT @id', { doing: 'read', parameters })).toEqual([{ a: '1', b: null }]);
  const { url, body } = server.received[0]!;
  expect(url).toBe('/bigquery/v2/projects/p/queries');
  expect(JSON.parse(body)).toMatchObject({
    query: 'SELECT @id',
    useLegacySql: false,
    parameterMode: 'NAMED',
    maximumBytesBilled: '1000',
    location: 'EU',
    queryParameters: [
      { name: 'id', parameterType: { type: 'STRING' }, parameterValue: { value: "'; DROP TABLE x; --" } },
      {
        name: 'ids',
        parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
        parameterValue: { arrayValues: [{ value: '`' }, { value: '"' }] },
      },
      { name: 'at', parameterType: { type: 'INT64' }, parameterValue: { value: '-5' } },
      { name: 'day', parameterType: { type: 'DATE' }, parameterValue: { value: '2026-01-31' } },
      { name: 'on', parameterType: { type: 'BOOL' }, parameterValue: { value: 'true' } },
    ],
  });
  expect(told).toEqual([{ kind: 'query', doing: 'read', jobId: 'j1', bytesProcessed: 77 }]);
});

it('[bigquery.long-query] waits for a job that is not done, and reads every page of it', async () => {
  const clock = new ManualClock();
  const server = await scriptedServer([
    { json: { ...job, jobComplete: false } },
    { json: { ...job, jobComplete: false } },
    { json: { ...job, jobComplete: true, schema, rows: [row('1', 'x')], pageToken: 'next' } },
    failed(503, 'backendError'),
    { json: { ...job, jobComplete: true, schema, rows: [row('2', 'y')] } },
  ]);
  const client = await server.client({}, clock);
  expect(await withTime(clock, query(client, 'SELECT 1', { doing: 'read' }))).toEqual([
    { a: '1', b: 'x' },
    { a: '2', b: 'y' },
  ]);
  const asked = server.received.map(({ url }) => new URL(url, 'http://x'));
  expect(asked.slice(1).map(({ pathname }) => pathname)).toEqual(
    Array.from({ length: 4 }, () => '/bigquery/v2/projects/p/queries/j1'),
  );
  expect(asked.map(({ searchParams }) => searchParams.get('pageToken'))).toEqual([
    null,
    null,
    null,
    'next',
    'next',
  ]);
  expect(asked[1]?.searchParams.get('location')).toBe('EU');
});

it('[bigquery.short-timeout] has a query that takes longer than a request may be answered before, and goes on asking', async () => {
  const server = await scriptedServer([
    { json: { ...job, jobComplete: false } },
    { json: { ...job, jobComplete: true, schema, rows: [row('1', 'x')] } },
  ]);
  const clock = new ManualClock();
  const client = await server.client({ timeoutMs: 15_000 }, clock);
  expect(await withTime(clock, query(client, 'SELECT 1', { doing: 'read' }))).toHaveLength(1);
  const [first, second] = server.received;
  expect((JSON.parse(first!.body) as { timeoutMs: number }).timeoutMs).toBe(7_500);
  expect(Number(new URL(second!.url, 'http://x').searchParams.get('timeoutMs'))).toBe(7_500);
});

it('[bigquery.never-done] gives a job up that is never done', async () => {
  const clock = new ManualClock();
  const server = await scriptedServer(
    Array.from({ length: 60 }, () => ({ json: { ...job, jobComplete: false } })),
  );
  const client = await server.client({ timeoutMs: 20_000 }, clock);
  const asked = withTime(clock, query(client, 'SELECT 1', { doing: 'read' }));
  await expect(asked).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
    details: { job_id: 'j1' },
  });
});

it('[bigquery.execute] runs a statement once under an id of its own when the answer to it was lost', async () => {
  const clock = new ManualClock();
  const server = await scriptedServer([
    (response) => void response.socket?.destroy(),
    failed(409, 'duplicate'),
    { json: { jobComplete: true, numDmlAffectedRows: '3' } },
  ]);
  const client = await server.client({}, clock);
  expect(await withTime(clock, execute(client, 'DELETE FROM x WHERE y', { doing: 'clean up' }))).toBe(3);
  const ids = server.received.slice(0, 2).map(({ body }) => {
    return (JSON.parse(body) as { jobReference: { jobId: string } }).jobReference.jobId;
  });
  expect(ids[0]).toBe(ids[1]);
  expect(server.received[2]?.url).toContain(`/queries/${ids[0]}?`);
});

it('[bigquery.estimate] asks what a query would read without running it', async () => {
  const server = await scriptedServer([{ json: { jobComplete: true, totalBytesProcessed: '5000' } }]);
  expect(await estimateBytes(await server.client(), 'SELECT 1', { doing: 'read' })).toBe(5_000);
  expect(JSON.parse(server.received[0]!.body)).toMatchObject({ dryRun: true });
});

it.each([
  ['missing row.f cell array', { schema, rows: [{}] }],
  ['missing row.f cell array', { schema, rows: [{ f: [{ v: '1' }] }] }],
  ['no schema', { rows: [row('1', 'x')] }],
  ['no scalar', { schema, rows: [{ f: [{ v: [] }, { v: '' }] }] }],
  ['no list', { schema, rows: 'x' }],
])('[bigquery.malformed] refuses an answer that is none: %s', async (why, answer) => {
  const server = await scriptedServer([{ json: { ...job, jobComplete: true, ...answer } }]);
  await expect(query(await server.client(), 'SELECT 1', { doing: 'read' })).rejects.toThrow(why);
});
