import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { insertAll, MAX_REQUEST_BYTES, splitRequests } from '../src/client/insert-all.js';
import { load } from '../src/client/load.js';
import { RowBytes } from '../src/client/row-bytes.js';
import { failed, type Received, type Scripted, scriptedServer, withTime } from './scripted-server.js';

const writing = { doing: 'write' };
const rowErrors = (...errors: readonly [number, string][]): Scripted => ({
  json: {
    insertErrors: errors.map(([index, reason]) => ({
      index,
      errors: [{ reason, message: `it is ${reason}` }],
    })),
  },
});
const sent = ({ body }: Received) =>
  (JSON.parse(body) as { rows: { insertId?: string; json: { n: number } }[] }).rows.map(({ json }) => json.n);
const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ insertId: `i${n}`, json: `{"n":${n}}` }));

it('[bigquery.stream] streams rows with their insert ids, and nothing when there are none', async () => {
  const server = await scriptedServer([{}]);
  const client = await server.client();
  await insertAll(client, client.table('t'), [], writing);
  expect(server.received).toEqual([]);
  await insertAll(client, client.table('t'), rows(2), writing);
  expect(server.received[0]?.url).toBe('/bigquery/v2/projects/p/datasets/d/tables/t/insertAll');
  expect(JSON.parse(server.received[0]!.body)).toEqual({
    skipInvalidRows: true,
    ignoreUnknownValues: false,
    rows: [
      { insertId: 'i0', json: { n: 0 } },
      { insertId: 'i1', json: { n: 1 } },
    ],
  });
});

it('[bigquery.rows-as-they-are] sends every row as it is, of whatever letters, also while others are being sent', async () => {
  const server = await scriptedServer([{}, {}, {}, {}]);
  const client = await server.client();
  const texts = (letters: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ json: JSON.stringify(`${letters}"${n}`) }));
  const batches = [
    texts('long €𝄞\u0000'.repeat(50), 300),
    texts('é\ud800', 40),
    texts('z', 30),
    texts('a', 2),
  ];
  const write = (batch: readonly { json: string }[]) => insertAll(client, client.table('t'), batch, writing);
  const [long = [], ...others] = batches;
  await write(long);
  await Promise.all(others.map(write));
  const arrived = server.received.map(({ body }) =>
    (JSON.parse(body) as { rows: { json: unknown }[] }).rows.map(({ json }) => ({
      json: JSON.stringify(json),
    })),
  );
  const byCount = arrived.toSorted((one, other) => other.length - one.length);
  expect(byCount).toEqual(batches);
});

it('[bigquery.row-by-row] sends rows that were not taken once more, each on its own', async () => {
  const server = await scriptedServer([rowErrors([1, 'backendError'], [3, 'stopped']), {}, {}]);
  const client = await server.client();
  await insertAll(client, client.table('t'), rows(5), writing);
  expect(server.received.map(sent)).toEqual([[0, 1, 2, 3, 4], [1], [3]]);
});

it('[bigquery.row-refused] says which row is refused and why, with all others in', async () => {
  const server = await scriptedServer([
    rowErrors([1, 'invalid'], [2, 'stopped']),
    rowErrors([0, 'invalid']),
    {},
  ]);
  const client = await server.client();
  await expect(insertAll(client, client.table('t'), rows(3), writing)).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    message: expect.stringContaining('it is invalid') as string,
    details: { reason: 'data', row: 1, server_reason: 'invalid' },
  });
  expect(server.received.map(sent)).toEqual([[0, 1, 2], [1], [2]]);
});

it('[bigquery.rows-refused] asks about no more than eight rows that are refused on their own too', async () => {
  const all = rowErrors(...rows(500).map((_, at): [number, string] => [at, 'invalid']));
  const alone = rowErrors([0, 'invalid']);
  const server = await scriptedServer([all, {}, ...Array.from({ length: 9 }, () => alone)]);
  const client = await server.client();
  await expect(insertAll(client, client.table('t'), rows(500), writing)).rejects.toMatchObject({
    details: { reason: 'data', row: 1 },
  });
  expect(server.received.slice(1).map(sent)).toEqual([[0], [1], [2], [3], [4], [5], [6], [7], [8]]);
});

it.each([-1, 3, 1.5, 'x'])(
  '[bigquery.rows-unnamed] takes no rows for written when the answer names row %s of three',
  async (index) => {
    const server = await scriptedServer([rowErrors([index as number, 'invalid'])]);
    const client = await server.client();
    await expect(insertAll(client, client.table('t'), rows(3), writing)).rejects.toMatchObject({
      code: 'MOB_STORE_REFUSED',
      details: { server_reason: 'invalidAnswer' },
    });
    expect(server.received).toHaveLength(1);
  },
);

it('[bigquery.request-limits] cuts rows into requests of 10 MB and 50,000 rows', () => {
  const half = 'x'.repeat(MAX_REQUEST_BYTES / 2 - 1);
  const split = (texts: readonly string[]) => {
    const bytes = new RowBytes(Buffer.alloc(10));
    for (const text of texts) bytes.add(text);
    return splitRequests('write', bytes);
  };
  expect(split([half, half, half])).toEqual([
    { from: 0, to: 2 },
    { from: 2, to: 3 },
  ]);
  // Bytes, not characters.
  const wide = 'é'.repeat(MAX_REQUEST_BYTES / 4);
  expect(split([wide, wide])).toHaveLength(2);
  expect(split(Array.from({ length: 100_001 }, () => '{}'))).toEqual([
    { from: 0, to: 50_000 },
    { from: 50_000, to: 100_000 },
    { from: 100_000, to: 100_001 },
  ]);
});

it('[bigquery.row-too-large] refuses a row that no request can hold, before anything is sent', async () => {
  const server = await scriptedServer([]);
  const client = await server.client();
  const large = { json: JSON.stringify('x'.repeat(MAX_REQUEST_BYTES)) };
  await expect(insertAll(client, client.table('t'), [...rows(1), large], writing)).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    details: { reason: 'data', row: 1 },
  });
  expect(server.received).toEqual([]);
});

const done = { json: { status: { state: 'DONE' }, statistics: { load: { inputFileBytes: '16' } } } };
const running = { json: { status: { state: 'RUNNING' } } };
const broken = (reason: string): Scripted => ({
  json: { status: { state: 'DONE', errorResult: { reason, message: 'no' } } },
});
const jobIds = (received: readonly Received[]) =>
  received.flatMap(({ body }) => /"jobId":"([^"]+)"/.exec(body)?.[1] ?? []);

it('[bigquery.load] loads rows by a job whose id follows from them, and waits until it is done', async () => {
  const clock = new ManualClock();
  const server = await scriptedServer([{}, running, done, failed(409, 'duplicate'), done, {}, done]);
  const client = await server.client({}, clock);
  const into = (...given: string[]) => withTime(clock, load(client, client.table('t'), given, writing));
  await into('{"n":1}', '{"n":2}');
  await into('{"n":1}', '{"n":2}');
  await into('{"n":3}');
  const ids = jobIds(server.received);
  expect(ids).toHaveLength(3);
  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
  const { url, headers, body } = server.received[0]!;
  expect(url).toBe('/upload/bigquery/v2/projects/p/jobs?uploadType=multipart');
  expect(headers['content-type']).toMatch(/^multipart\/related; boundary=/);
  expect(body).toContain('\r\n{"n":1}\n{"n":2}\n\r\n--');
});

it('[bigquery.load-failed] gives a job that failed for no fault of the rows another id, and says why it gave up', async () => {
  const clock = new ManualClock();
  const server = await scriptedServer([{}, broken('backendError'), {}, done, {}, broken('invalid')]);
  const client = await server.client({}, clock);
  const into = (row: string) => withTime(clock, load(client, client.table('t'), [row], writing));
  await into('{"n":1}');
  expect(new Set(jobIds(server.received)).size).toBe(2);
  await expect(into('{"n":2}')).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    details: {
      reason: 'data',
      server_reason: 'invalid',
      job_id: expect.stringMatching(/^mobkit_load_/) as string,
    },
  });
});

it('[bigquery.load-too-large] refuses a row that no upload can hold, before anything is sent', async () => {
  const server = await scriptedServer([]);
  const client = await server.client();
  const large = 'x'.repeat(64 * 2 ** 20);
  await expect(load(client, client.table('t'), ['{"n":1}', large], writing)).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    details: { reason: 'data', row: 1 },
  });
  expect(server.received).toEqual([]);
});

it('[bigquery.load-outage] loads rows once their jobs fail no more, however many of them did', async () => {
  const clock = new ManualClock();
  const outage = [{}, broken('backendError')];
  const known = [failed(409, 'duplicate'), broken('backendError')];
  const script = [outage, outage, outage, outage, known, known, known, known, [{}, done]].flat();
  const server = await scriptedServer(script);
  const client = await server.client({}, clock);
  const again = () => withTime(clock, load(client, client.table('t'), ['{"n":1}'], writing));
  await expect(again()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  expect(clock.now()).toBeGreaterThan(0);
  await again();
  const ids = jobIds(server.received);
  expect(ids.slice(4, 8)).toEqual(ids.slice(0, 4));
  expect(new Set(ids).size).toBe(5);
});
