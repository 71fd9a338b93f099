import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { type Answered, openDataset, parameter } from '../support/bigquery-dataset.js';

const DAY = '2026-01-01T10:00:00Z';

it('[warehouse.rows] gives back what was streamed, in the types of the columns', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  const row = {
    id: 'a',
    seq: '9007199254740993',
    happened_at: '2026-01-01T10:00:00.123456Z',
    tags: ['x', 'y'],
  };
  await dataset.insert('events', [{ ...row, payload: '{"n":[1,null]}' }, { id: 'b' }]);
  const { body } = await dataset.query('SELECT * FROM $t.events ORDER BY id', {
    formatOptions: { useInt64Timestamp: true },
  });
  expect(body.schema?.fields.map(({ type, mode }) => `${type} ${mode}`)).toEqual([
    'STRING NULLABLE',
    'INTEGER NULLABLE',
    'TIMESTAMP NULLABLE',
    'JSON NULLABLE',
    'STRING REPEATED',
  ]);
  const [first, second] = (body.rows ?? []).map(({ f }) => f.map(({ v }) => v));
  expect(first).toEqual(['a', row.seq, '1767261600123456', '{"n":[1,null]}', [{ v: 'x' }, { v: 'y' }]]);
  expect(second).toEqual(['b', null, null, null, []]);
});

it('[warehouse.insert-ids] streams a row once for each insert id, and what is wrong with a row is told of that row', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.insert('events', [{ id: 'a' }, { id: 'a' }]);
  await dataset.insert('events', [{ id: 'a' }]);
  expect(await dataset.rows('SELECT id FROM $t.events')).toEqual([['a']]);

  const wrong = [{ id: 'b' }, { id: 'c', nope: 1 }, { id: 'd', seq: 'many' }, {}];
  const { body } = await dataset.insert('events', wrong);
  expect(body.insertErrors?.map(({ errors: [one] }) => `${one?.reason} ${one?.location}`)).toEqual([
    'stopped ',
    'invalid nope',
    'invalid seq',
    'invalid id',
  ]);
  expect(await dataset.rows('SELECT count(*) FROM $t.events')).toEqual([['1']]);
  const skipped = await dataset.insert('events', wrong, { skipInvalidRows: true });
  expect(skipped.body.insertErrors).toHaveLength(3);
  await dataset.insert('events', [{ id: 'e', nope: 1 }], { ignoreUnknownValues: true });
  expect(await dataset.rows('SELECT id FROM $t.events ORDER BY id')).toEqual([['a'], ['b'], ['e']]);
});

it('[warehouse.streaming-buffer] changes no row that was streamed a moment ago, and others', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.insert('events', [{ id: 'old' }]);
  await dataset.release();
  await dataset.insert('events', [{ id: 'new' }]);
  for (const sql of [
    "DELETE FROM $t.events WHERE id = 'new'",
    "UPDATE $t.events SET seq = 1 WHERE id IN ('old', 'new')",
    'TRUNCATE TABLE $t.events',
    "MERGE $t.events AS t USING (SELECT 'new' AS id) AS s ON t.id = s.id WHEN MATCHED THEN DELETE",
  ]) {
    const { status, body } = await dataset.query(sql);
    expect
      .soft([status, body.error?.errors[0].reason, body.error?.message])
      .toEqual([400, 'invalidQuery', expect.stringContaining('would affect rows in the streaming buffer')]);
  }
  const merged = await dataset.query(
    "MERGE $t.events AS t USING (SELECT 'new' AS id) AS s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
  );
  expect(merged.body.numDmlAffectedRows).toBe('0');
  expect((await dataset.query("DELETE FROM $t.events WHERE id = 'old'")).body.numDmlAffectedRows).toBe('1');
  const { body } = await dataset.call('GET', `/datasets/${dataset.name}/tables/events`);
  expect(body.streamingBuffer?.estimatedRows).toBe('1');
  await dataset.release();
  expect((await dataset.query('TRUNCATE TABLE $t.events')).body.numDmlAffectedRows).toBe('1');
});

it.each([
  ['SELECT id::STRING FROM $t.events', 'Illegal input character'],
  ['SELECT id AS x FROM $t.events WHERE x = "a"', 'Unrecognized name: x'],
  ["SELECT id FROM $t.events WHERE seq = '1'", 'No matching signature for operator ='],
  ['SELECT id FROM $t.events WHERE DATE(happened_at) = happened_at', 'No matching signature'],
  ['SELECT id FROM $t.events WHERE id ILIKE "a"', 'Expected end of input'],
  ['SELECT id FROM $t.events LIMIT 1 + 1', 'Expected end of input'],
  ['SELECT now()', 'Function not found: NOW'],
  ['SELECT row_number() FROM $t.events', 'requires an OVER clause'],
  ['SELECT at FROM $t.events', 'Expected an identifier'],
  ['SELECT id FROM $t.events WHERE id = @who', "Query parameter 'who' not found"],
  ['SELECT id FROM $t.events UNION SELECT id FROM $t.events', 'Expected ALL or DISTINCT'],
  ['DELETE FROM $t.events', 'must have a WHERE clause'],
  ['UPDATE $t.events SET seq = 1', 'must have a WHERE clause'],
  ["UPDATE $t.events SET seq = '1' WHERE TRUE", 'cannot be assigned'],
  ["INSERT INTO $t.events (nope) VALUES ('a')", 'is not present'],
  ['SELECT 1; SELECT 2', 'Expected end of input'],
  ['BEGIN TRANSACTION', 'Unexpected statement'],
  ['SELECT id FROM events', 'must be qualified with a dataset'],
])('[warehouse.sql] refuses %s', async (sql, why) => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  const { status, body } = await dataset.query(sql);
  expect({ status, reason: body.error?.errors[0].reason }).toEqual({ status: 400, reason: 'invalidQuery' });
  expect(body.error?.message).toContain(why);
});

it('[warehouse.dml] tells how many rows a statement changed, and changes by a condition once', async () => {
  const dataset = await openDataset();
  await dataset.query('CREATE TABLE $t.leases (name STRING NOT NULL, holder STRING, until TIMESTAMP)');
  const insert = "INSERT INTO $t.leases (name, holder) VALUES ('log', 'a'), ('other', 'a')";
  expect((await dataset.query(insert)).body.dmlStats).toMatchObject({ insertedRowCount: '2' });
  const take = (holder: string) =>
    dataset.query("UPDATE $t.leases SET holder = @holder WHERE name = 'log' AND holder = 'a'", {
      queryParameters: [parameter('holder', 'STRING', holder)],
    });
  const taken = await Promise.all([take('b'), take('c')]);
  expect(new Set(taken.map(({ body }) => body.numDmlAffectedRows))).toEqual(new Set(['0', '1']));
  const merge = await dataset.query(`
    MERGE $t.leases t USING (SELECT r.* FROM UNNEST([STRUCT('other' AS name, 'z' AS holder), ('third', 'z')]) AS r) s
    ON t.name = s.name
    WHEN MATCHED THEN UPDATE SET holder = s.holder
    WHEN NOT MATCHED THEN INSERT (name, holder) VALUES (s.name, s.holder)`);
  expect(merge.body.dmlStats).toEqual({ insertedRowCount: '1', updatedRowCount: '1', deletedRowCount: '0' });
  const rows = await dataset.rows('SELECT name, holder FROM $t.leases WHERE name != "log" ORDER BY name');
  expect(rows).toEqual([
    ['other', 'z'],
    ['third', 'z'],
  ]);
});

it('[warehouse.latest] finds the latest row of each by window, by parameter and through a view', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  const rows = [1, 2, 3].flatMap((seq) =>
    [`a${seq}`, `b${seq}`].map((id) => ({ id, seq, happened_at: DAY })),
  );
  await dataset.insert('events', rows);
  const latest = `SELECT id, seq FROM $t.events WHERE SUBSTR(id, 1, 1) IN UNNEST(@of)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY SUBSTR(id, 1, 1) ORDER BY seq DESC, id) = 1`;
  const queryParameters = [parameter('of', 'STRING', ['a', 'z'])];
  expect(await dataset.rows(latest, { queryParameters })).toEqual([['a3', '3']]);
  const grouped = 'SELECT SUBSTR(id, 1, 1) AS who, MAX(seq) AS seq FROM $t.events GROUP BY who';
  expect((await dataset.query(`CREATE MATERIALIZED VIEW $t.newest AS ${grouped}`)).status).toBe(200);
  await dataset.insert('events', [{ id: 'a9', seq: 9 }]);
  expect(await dataset.rows('SELECT who, seq FROM $t.newest ORDER BY who')).toEqual([
    ['a', '9'],
    ['b', '3'],
  ]);
  const { body } = await dataset.query(
    `CREATE MATERIALIZED VIEW $t.windowed AS ${latest.replace('@of', "['a']")}`,
  );
  expect(body.error?.message).toContain('unsupported features');
});

it('[warehouse.pruning] says which partitions a statement reads by the constants that bound their column', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events', { requirePartitionFilter: true });
  const rows = [1, 2, 3, 4].map((day) => ({
    id: `e${day}`,
    seq: day,
    happened_at: `2026-01-0${day}T23:59:59.999999Z`,
  }));
  await dataset.insert('events', rows);
  const queryParameters = [
    parameter('from', 'TIMESTAMP', '2026-01-02T00:00:00Z'),
    parameter('ms', 'INT64', '1767398400000'),
  ];
  const read = async (where: string) => {
    const { body } = await dataset.query(`SELECT id FROM $t.events WHERE ${where}`, { queryParameters });
    const last = (await dataset.statements()).at(-1);
    return body.error
      ? body.error?.message
      : { partitions: last?.partitions, bytes: body.totalBytesProcessed };
  };
  const id = 4;
  expect(await read('happened_at >= @from AND happened_at < TIMESTAMP_MILLIS(@ms)')).toEqual({
    partitions: ['20260102'],
    bytes: String(id + 8),
  });
  expect(
    await read(
      "DATE(happened_at) = '2026-01-03' OR happened_at < TIMESTAMP_SUB(@from, INTERVAL 1 MICROSECOND)",
    ),
  ).toEqual({
    partitions: ['20260101', '20260103'],
    bytes: String(2 * (id + 8)),
  });
  expect(await read("happened_at BETWEEN @from AND TIMESTAMP '2026-01-03' AND seq = 2")).toMatchObject({
    partitions: ['20260102', '20260103'],
  });
  expect(await read('happened_at > TIMESTAMP_ADD(@from, INTERVAL 9 DAY)')).toEqual({
    partitions: [],
    bytes: '0',
  });
  for (const unbounded of [
    'seq = 2',
    'happened_at >= @from OR seq = 1',
    'TIMESTAMP_ADD(happened_at, INTERVAL 1 DAY) > @from',
  ]) {
    expect.soft(await read(unbounded)).toContain('without a filter over column(s)');
  }
});

it('[warehouse.bytes] estimates without running, and refuses what would read more than it may', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.insert('events', [{ id: 'abcd', happened_at: DAY }]);
  await dataset.release();
  const dry = await dataset.query('DELETE FROM $t.events WHERE TRUE', { dryRun: true });
  expect(dry.body).toMatchObject({ jobComplete: true, totalBytesProcessed: String(6 + 8) });
  const refused = await dataset.query('SELECT id FROM $t.events', { maximumBytesBilled: '5' });
  expect([refused.status, refused.body.error?.errors[0].reason]).toEqual([400, 'bytesBilledLimitExceeded']);
  expect(await dataset.rows('SELECT id FROM $t.events', { maximumBytesBilled: '6' })).toEqual([['abcd']]);
});

it('[warehouse.paging] hands rows out by pages, and a request that comes again is done once', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.insert('events', [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  const { body } = await dataset.query('SELECT id FROM $t.events ORDER BY id', { maxResults: 2 });
  expect([body.rows?.length, body.totalRows]).toEqual([2, '3']);
  const jobId = body.jobReference?.jobId;
  const rest = await dataset.call('GET', `/queries/${jobId}?pageToken=${body.pageToken}`);
  expect([rest.body.rows, rest.body.pageToken]).toEqual([[{ f: [{ v: 'c' }] }], undefined]);

  const insert = () =>
    dataset.query("INSERT INTO $t.events (id) VALUES ('d')", { requestId: `r_${dataset.name}` });
  const [first, again] = [await insert(), await insert()];
  expect(again.body.jobReference).toEqual(first.body.jobReference);
  expect(await dataset.rows("SELECT count(*) FROM $t.events WHERE id = 'd'")).toEqual([['1']]);
});

it('[warehouse.loads] loads lines of JSON under a job id, once, all of them or none', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  const about = (jobId: string) => ({
    jobReference: { jobId: `${jobId}_${dataset.name}` },
    configuration: {
      load: {
        destinationTable: { datasetId: dataset.name, tableId: 'events' },
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
      },
    },
  });
  const load = async (jobId: string, lines: string) => {
    const part = (type: string, text: string) => `--x\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
    const response = await fetch(`${dataset.uploads}?uploadType=multipart`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary=x' },
      body: `${part('application/json', JSON.stringify(about(jobId)))}${part('application/octet-stream', lines)}--x--`,
    });
    return { status: response.status, body: (await response.json()) as Answered['body'] };
  };
  const good = `{"id":"a","payload":{"deep":[1]}}\n{"id":"b","seq":2}\n`;
  expect((await load('one', good)).body).toMatchObject({
    status: { state: 'DONE' },
    statistics: { load: { outputRows: '2' } },
  });
  expect((await load('one', good)).body.error?.errors[0].reason).toBe('duplicate');
  const bad = await load('two', `{"id":"c"}\n{"id":"d","nope":1}\n`);
  expect(bad.body.status?.errorResult).toMatchObject({
    reason: 'invalid',
    message: expect.stringContaining('errors: 1'),
  });
  expect(bad.body.status?.errors?.[0]?.message).toContain('position 11: no such field: nope');

  const opened = await fetch(`${dataset.uploads}?uploadType=resumable`, {
    method: 'POST',
    body: JSON.stringify(about('three')),
  });
  const location = opened.headers.get('location') ?? '';
  const put = (text: string, range: string) =>
    fetch(location, {
      method: 'PUT',
      body: text,
      headers: { 'content-range': `bytes ${range}` },
      redirect: 'manual',
    });
  expect((await put('{"id":', '0-5/*')).status).toBe(308);
  expect((await put('"e"}', '6-9/10')).status).toBe(200);
  expect(await dataset.rows('SELECT id, payload FROM $t.events ORDER BY id')).toEqual([
    ['a', '{"deep":[1]}'],
    ['b', null],
    ['e', null],
  ]);
});

it('[warehouse.limits] takes at most 10 MB and 50,000 rows in a request', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  const large = await dataset.call('POST', `/datasets/${dataset.name}/tables/events/insertAll`, {
    rows: [{ json: { id: 'x'.repeat(10 * 1024 * 1024) } }],
  });
  expect(large.status).toBe(413);
  const many = await dataset.call('POST', `/datasets/${dataset.name}/tables/events/insertAll`, {
    rows: Array.from({ length: 50_001 }, () => ({ json: {} })),
  });
  expect([many.status, many.body.error?.message]).toEqual([400, expect.stringContaining('too many rows')]);
});

it('[warehouse.there] tells what is not there from what is there already', async () => {
  const dataset = await openDataset();
  expect((await dataset.makeTable('events')).status).toBe(200);
  const again = await dataset.makeTable('events');
  expect([again.status, again.body.error?.errors[0].reason]).toEqual([409, 'duplicate']);
  const nowhere = await dataset.insert('nowhere', [{ id: 'a' }]);
  expect([nowhere.status, nowhere.body.error?.errors[0].reason]).toEqual([404, 'notFound']);
  expect((await dataset.query('SELECT 1 FROM $t.nowhere')).status).toBe(404);
  expect((await dataset.call('GET', '/jobs/nothing')).status).toBe(404);
});

it('[warehouse.fault-answers] refuses as often as it is told to, the requests of this dataset alone', async () => {
  const [dataset, other] = [await openDataset(), await openDataset()];
  await dataset.makeTable('events');
  await dataset.faults({ answers: [{ times: 2, status: 429, path: 'POST .*/queries', after: 1 }] });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await dataset.query('SELECT id FROM $t.events')).status);
  expect(statuses).toEqual([200, 429, 429, 200]);
  await dataset.faults({ answers: [{ times: 1, status: 403, reason: 'quotaExceeded' }] });
  expect((await other.makeTable('events')).status).toBe(200);
  const { status, body } = await dataset.query('SELECT id FROM $t.events');
  expect([status, body.error?.errors[0].reason]).toEqual([403, 'quotaExceeded']);
});

it('[warehouse.fault-slow] says for some polls that a job is not done', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.faults({ slowJobs: 2 });
  const { body } = await dataset.query('SELECT count(*) FROM $t.events');
  expect([body.jobComplete, body.rows]).toEqual([false, undefined]);
  const poll = () => dataset.call('GET', `/queries/${body.jobReference?.jobId}`);
  expect((await poll()).body.jobComplete).toBe(false);
  expect((await poll()).body).toMatchObject({ jobComplete: true, rows: [{ f: [{ v: '0' }] }] });
});

it('[warehouse.fault-rows] refuses some rows of an insert, with the reason it is told', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.faults({
    insertErrors: [{ insertId: 'b', reason: 'backendError', message: 'later', times: 1 }],
  });
  const rows = [{ id: 'a' }, { id: 'b' }];
  const { body } = await dataset.insert('events', rows, { skipInvalidRows: true });
  expect(body.insertErrors).toEqual([
    { index: 1, errors: [{ reason: 'backendError', location: '', debugInfo: '', message: 'later' }] },
  ]);
  expect((await dataset.insert('events', rows)).body.insertErrors).toBeUndefined();
  expect(await dataset.rows('SELECT id FROM $t.events ORDER BY id')).toEqual([['a'], ['b']]);
});

it('[warehouse.fault-hidden] shows streamed rows only later, and forgets insert ids', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  const seen = () => dataset.rows('SELECT id FROM $t.events ORDER BY id');
  await dataset.faults({ hiddenQueries: 1 });
  await dataset.insert('events', [{ id: 'a' }]);
  expect([await seen(), await seen()]).toEqual([[], [['a']]]);
  await dataset.faults({ hidden: true });
  await dataset.insert('events', [{ id: 'b' }]);
  expect([await seen(), await seen()]).toEqual([[['a']], [['a']]]);
  await dataset.release();
  expect(await seen()).toEqual([['a'], ['b']]);
  await dataset.faults({ forgetInsertIds: true });
  await dataset.insert('events', [{ id: 'b' }]);
  expect(await seen()).toEqual([['a'], ['b'], ['b']]);
  await dataset.faults({ streamingBufferMs: 0 });
  expect((await dataset.query("DELETE FROM $t.events WHERE id = 'b'")).body.numDmlAffectedRows).toBe('2');
});

it('[warehouse.fault-lost] cuts an answer in the middle, or does the work and gives none', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.faults({ cut: { times: 1 }, lost: { times: 1, path: 'insertAll' } });
  await expect(dataset.insert('events', [{ id: 'a' }])).rejects.toThrow(TypeError);
  await expect(dataset.query('SELECT id FROM $t.events')).rejects.toThrow(/terminated|other side/);
  expect(await dataset.rows('SELECT id FROM $t.events')).toEqual([['a']]);
});

it('[warehouse.fault-away] is away until it is told otherwise', async () => {
  const dataset = await openDataset();
  await dataset.makeTable('events');
  await dataset.faults({ away: true });
  expect((await dataset.insert('events', [{ id: 'a' }])).status).toBe(503);
  await dataset.faults({ away: 'refuse' });
  await expect(dataset.insert('events', [{ id: 'a' }])).rejects.toThrow(TypeError);
  await dataset.faults({});
  expect(await dataset.rows('SELECT id FROM $t.events')).toEqual([]);
  await expect(dataset.faults({ nope: 1 } as object)).rejects.toThrow('There is no switch');
});

it('[warehouse.process] runs as a process of its own that ends with its input', async () => {
  const program = fileURLToPath(new URL('../support/bigquery/serve.mjs', import.meta.url));
  const server = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  const [endpoint] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  expect((await fetch(`${endpoint}/bigquery/v2/projects/p/datasets`)).status).toBe(200);
  server.stdin.end();
  expect(await exited).toEqual([0, null]);
});
