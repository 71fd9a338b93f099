import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { type AppProcess, startServer } from '../support/app-process.js';
import { openDataset } from '../support/bigquery-dataset.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** As the README of the store has it, for callers who bring a table of their own. */
const MAKE_TABLE = `CREATE TABLE $t.rows (
  session_id STRING NOT NULL, updated_at_ms INT64 NOT NULL, deleted BOOL NOT NULL,
  payload STRING, labels_json STRING,
  row_id STRING NOT NULL, appended_us INT64 NOT NULL, appended_on DATE NOT NULL
) PARTITION BY appended_on CLUSTER BY session_id`;

interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

it('[bigquery.sessions-rpc] writes and reads the sessions of a table for callers of the app, and tells what fails by its number', async () => {
  const dataset = await openDataset();
  await dataset.query(MAKE_TABLE);
  const app = startApp(dataset.name, new URL(dataset.root).origin);
  const table = { dataset: dataset.name, table: 'rows' };
  const rows = [
    { session_id: 's-1', updated_at_ms: 5, payload: { b: 1, a: [] } },
    { session_id: 's-1', updated_at_ms: 6, payload: 'later', labels: { team: 'x' } },
    { session_id: 's-2', updated_at_ms: 7, deleted: true },
  ];
  const inserted = { operation: 'stream_insert_rows', accepted: true, inserted_rows: 3 };
  expect(await call(app, { operation: 'stream_insert', ...table, rows })).toEqual(inserted);
  expect(await call(app, { operation: 'stream_insert', ...table, rows })).toEqual(inserted);
  const [first, later, gone] = rows.map((row) => ({ deleted: false, payload: null, labels: {}, ...row }));
  const read = (operation: string) => call(app, { operation, ...table });
  expect(await read('read_rows')).toEqual({ operation: 'read_rows', rows: [first, later, gone] });
  expect(await read('read_latest')).toEqual({ operation: 'read_latest_rows', rows: [later, gone] });
  expect(await read('read_live')).toEqual({ operation: 'read_live_rows', rows: [later] });
  expect(await call(app, { operation: 'read_rows', ...table, limit: 2 })).toMatchObject({
    rows: [first, later],
    next: expect.any(String) as string,
  });

  const asked = { operation: 'read_live', ...table };
  const held: ServerResponse[] = [];
  const slow = await serve((_, response) => void held.push(response));
  const late = await fail(app, { ...asked, api_base_url: slow, timeout_ms: 25 });
  expect(late).toMatchObject({
    code: -32011,
    message: expect.stringMatching(/^BigQuery session store request failed: /) as string,
    data: { kind: 'session_store_failed', retryable: true },
  });
  // On a busy machine the request may be given up before it arrives.
  expect(held.filter(({ writableEnded }) => writableEnded)).toEqual([]);

  // Which is not tried again: whether another try is answered in time would hang on the machine.
  const strict = await serve((_, response) => void response.writeHead(403).end());
  const failed = await fail(app, { ...asked, api_base_url: strict, access_token: 'secret' });
  expect(failed).toMatchObject({ code: -32011, data: { status: 403 } });
  expect(failed.message).toContain('status 403');
  const missing = await fail(app, { ...asked, table: 'none' });
  expect(missing).toMatchObject({ code: -32011, data: { status: 404 } });

  for (const [field, params] of [
    ['api_base_url', { ...asked, api_base_url: 'https://bigquery.googleapis.com:1@evil.example' }],
    ['timeout_ms', { ...asked, timeout_ms: 0 }],
    ['rows', { ...asked, operation: 'stream_insert' }],
  ] as const) {
    expect(await fail(app, params)).toMatchObject({ code: -32602, data: { kind: 'invalid_params', field } });
  }
  expect(JSON.stringify([failed, app.lines])).not.toContain('secret');
});

it('[bigquery.sessions-app] keeps the sessions of a mob in BigQuery where the config of the app says so', async () => {
  const dataset = await openDataset();
  const app = startApp(
    dataset.name,
    new URL(dataset.root).origin,
    '\n[sessions]\nstore = "bigquery"\ntable = "kept"\n',
  );
  await app.rpc('mobkit/send_message', { member_id: 'lead', message: 'hello' });
  expect(await app.stop()).toMatchObject({ code: 0 });
  const kept = await dataset.rows('SELECT deleted, COUNT(*) FROM $t.kept GROUP BY deleted');
  expect(kept.map(([deleted]) => deleted)).toEqual(['false']);
});

function startApp(dataset: string, endpoint: string, more = ''): AppProcess {
  const directory = temporaryDirectory();
  const mob = join(directory, 'mob.toml');
  writeFileSync(
    mob,
    '[mob]\nid = "rows"\norchestrator = "worker"\n\n[profiles.worker]\nmodel = "scripted"\nexternal_addressable = true\ntools = { comms = true }\n\n[[members]]\nidentity = "lead"\nprofile = "worker"\n',
  );
  writeFileSync(
    join(directory, 'mobkit.config.toml'),
    `[bigquery]
project = "mobkit-test"
dataset = "${dataset}"
endpoint = "${endpoint}"
allowed_hosts = ["127.0.0.1"]

[session_store]
app_credentials = true
${more}`,
  );
  return startServer([mob, '--state', join(directory, 'state')]);
}

const METHOD = 'mobkit/session_store/bigquery';

const call = (app: AppProcess, params: object) => app.rpc<unknown>(METHOD, params);

async function fail(app: AppProcess, params: object): Promise<RpcError> {
  const error = await call(app, params).then(
    (result) => Promise.reject(new Error(`It answered ${JSON.stringify(result)}`)),
    (thrown: unknown) => thrown,
  );
  return JSON.parse((error as Error).message) as RpcError;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/bigquery/v2`;
}
