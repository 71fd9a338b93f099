import { MobError, type SessionRow, type SessionStore } from '@mobkit/core';
import type { SessionTable } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { served } from '../test/support/call.js';
import { FakeSessions } from '../test/support/fake-sessions.js';

const at = { dataset: 'ops', table: 'sessions' };

async function withWarehouse() {
  const server = await served();
  const sessions = new FakeSessions();
  const opened: SessionTable[] = [];
  server.mob.sessionWarehouse = {
    withSessions: <T>(table: SessionTable, use: (store: SessionStore) => Promise<T>) => {
      opened.push(table);
      return use(sessions);
    },
  };
  const method = 'session_store/bigquery';
  return {
    sessions,
    opened,
    call: (params: unknown) => server.call(method, params),
    fail: (params: unknown) => server.fail(method, params),
  };
}

it('[rpc.session-store-insert] writes rows, what is left out being no tombstone, null and no labels', async () => {
  const { call, sessions } = await withWarehouse();
  const rows = [
    {
      session_id: 's-1',
      updated_at_ms: 5,
      payload: { turns: [1] },
      labels: JSON.parse('{"__proto__":"x"}') as unknown,
    },
    { session_id: 's-2', updated_at_ms: 6, deleted: true },
    { session_id: 's-3', updated_at_ms: 7 },
  ];
  const written = { operation: 'stream_insert_rows', accepted: true, inserted_rows: 3 };
  expect(await call({ operation: 'stream_insert', ...at, rows })).toEqual(written);
  expect(JSON.stringify(sessions.appended)).toBe(
    JSON.stringify([
      {
        sessionId: 's-1',
        updatedAtMs: 5,
        deleted: false,
        payload: { turns: [1] },
        labels: JSON.parse('{"__proto__":"x"}') as unknown,
      },
      { sessionId: 's-2', updatedAtMs: 6, deleted: true, payload: null, labels: {} },
      { sessionId: 's-3', updatedAtMs: 7, deleted: false, payload: null, labels: {} },
    ]),
  );
  expect(await call({ operation: 'stream_insert_rows', ...at, rows: [] })).toEqual({
    ...written,
    inserted_rows: 0,
  });
});

it.each([
  ['read_rows', 'read_rows', 'history'],
  ['read_latest_rows', 'read_latest_rows', 'latest'],
  ['read_latest', 'read_latest_rows', 'latest'],
  ['read_live_rows', 'read_live_rows', 'live'],
  ['read_live', 'read_live_rows', 'live'],
] as const)(
  '[rpc.session-store-read] answers %s as %s, each row with its payload and labels',
  async (asked, told, view) => {
    const { call, sessions } = await withWarehouse();
    sessions.rows = [row('s-1', { payload: { turns: [1] } })];
    const wire = { session_id: 's-1', updated_at_ms: 5, deleted: false, payload: { turns: [1] }, labels: {} };
    expect(await call({ operation: asked, ...at })).toEqual({ operation: told, rows: [wire] });
    expect(sessions.asked).toEqual([{ view, limit: 4096 }]);
  },
);

it('[rpc.session-store-pages] says what the next page is asked with when there is one', async () => {
  const { call, fail, sessions } = await withWarehouse();
  sessions.rows = [row('s-1')];
  sessions.more = true;
  expect(await call({ operation: 'read_live', ...at, limit: 1 })).toMatchObject({ next: 's-1' });
  expect(await call({ operation: 'read_rows', ...at, limit: 1 })).toMatchObject({ next: 'cursor' });
  sessions.more = false;
  const last = await call({ operation: 'read_latest', ...at, after: 's-1', limit: 1 });
  expect(last).not.toHaveProperty('next');
  expect(await call({ operation: 'read_rows', ...at, after: 'cursor', limit: 1 })).not.toHaveProperty('next');
  expect(sessions.asked).toEqual([
    { view: 'live', limit: 1 },
    { view: 'history', limit: 1 },
    { view: 'latest', limit: 1, afterSessionId: 's-1' },
    { view: 'history', limit: 1, after: 'cursor' },
  ]);
  sessions.failure = new TypeError('after is no cursor');
  expect(await fail({ operation: 'read_rows', ...at, after: '?' })).toMatchObject({
    code: -32602,
    data: { kind: 'invalid_params', field: 'after' },
  });
});

it('[rpc.session-store-reached] hands on how the table is reached, and nothing that was not said', async () => {
  const { call, opened } = await withWarehouse();
  const reached = {
    project_id: 'acme',
    access_token: 't',
    api_base_url: 'https://bigquery.googleapis.com',
    timeout_ms: 25,
  };
  await call({ operation: 'read_live', ...at, ...reached });
  await call({ operation: 'read_live', ...at });
  expect(opened).toEqual([
    {
      ...at,
      projectId: 'acme',
      accessToken: 't',
      apiBaseUrl: 'https://bigquery.googleapis.com',
      timeoutMs: 25,
    },
    at,
  ]);
});

const rows = [{ session_id: 's-1', updated_at_ms: 5 }];

it.each([
  ['operation', { operation: 'truncate', ...at }],
  ['operation', { ...at }],
  ['rows', { operation: 'stream_insert', ...at }],
  ['rows', { operation: 'read_live', ...at, rows }],
  ['rows', { operation: 'read_rows', ...at, rows: [] }],
  ['rows[0].session_id', { operation: 'stream_insert', ...at, rows: [{ updated_at_ms: 5 }] }],
  ['rows[0].session_id', { operation: 'stream_insert', ...at, rows: [{ session_id: '', updated_at_ms: 5 }] }],
  ['rows[0].updated_at_ms', { operation: 'stream_insert', ...at, rows: [{ session_id: 's' }] }],
  [
    'rows[0].updated_at_ms',
    { operation: 'stream_insert', ...at, rows: [{ ...rows[0], updated_at_ms: 1.5 }] },
  ],
  ['rows[0].labels', { operation: 'stream_insert', ...at, rows: [{ ...rows[0], labels: { a: 1 } }] }],
  ['rows[0].state', { operation: 'stream_insert', ...at, rows: [{ ...rows[0], state: 'x' }] }],
  ['rows', { operation: 'stream_insert', ...at, rows: Array.from({ length: 4097 }, () => rows[0]) }],
  ['after', { operation: 'stream_insert', ...at, rows, after: 's' }],
  ['limit', { operation: 'stream_insert', ...at, rows, limit: 1 }],
  ['limit', { operation: 'read_rows', ...at, limit: 0 }],
  ['limit', { operation: 'read_rows', ...at, limit: 4097 }],
  ['timeout_ms', { operation: 'read_rows', ...at, timeout_ms: 0 }],
  ['timeout_ms', { operation: 'read_rows', ...at, timeout_ms: 600_001 }],
  ['table', { operation: 'read_rows', dataset: 'ops' }],
  ['dataset', { operation: 'read_rows', ...at, dataset: ' ' }],
  ['dataset', { operation: 'read_rows', ...at, dataset: 'acme.ops' }],
  ['dataset', { operation: 'read_rows', ...at, dataset: 'my-ops' }],
  ['table', { operation: 'read_rows', ...at, table: 'a` where true --' }],
  ['table', { operation: 'read_rows', ...at, table: "a'b" }],
  ['table', { operation: 'read_rows', ...at, table: '../../datasets/x' }],
])('[rpc.session-store-invalid] refuses a wrong %s before anything is opened (%#)', async (field, params) => {
  const { fail, opened } = await withWarehouse();
  expect(await fail(params)).toMatchObject({ code: -32602, data: { kind: 'invalid_params', field } });
  expect(opened).toEqual([]);
});

it('[rpc.session-store-invalid] names what the warehouse refuses as it is on the wire', async () => {
  const { fail, sessions } = await withWarehouse();
  const details = { field: 'apiBaseUrl' };
  sessions.failure = new MobError('MOB_REQUEST_INVALID', 'apiBaseUrl may not be asked', { details });
  expect(await fail({ operation: 'read_rows', ...at, api_base_url: 'https://evil.example' })).toMatchObject({
    code: -32602,
    message: 'Invalid params: api_base_url may not be asked',
    data: { field: 'api_base_url' },
  });
});

it.each(['MOB_STORE_UNAVAILABLE', 'MOB_STORE_REFUSED', 'MOB_CONFIG_INVALID'] as const)(
  '[rpc.session-store-failed] answers %s with -32011, what was said, and whether a retry helps',
  async (code) => {
    const { fail, sessions } = await withWarehouse();
    const retryable = code === 'MOB_STORE_UNAVAILABLE';
    sessions.failure = new MobError(code, 'status 503', { retryable, details: { status: 503 } });
    expect(await fail({ operation: 'read_rows', ...at })).toEqual({
      code: -32011,
      message: 'BigQuery session store request failed: status 503',
      data: { kind: 'session_store_failed', status: 503, ...(retryable && { retryable: true }) },
    });
  },
);

it('[rpc.session-store-failed] tells nothing of an error that nobody threw on purpose', async () => {
  const { fail, sessions } = await withWarehouse();
  sessions.failure = new RangeError('token abc');
  expect(await fail({ operation: 'read_rows', ...at })).toMatchObject({
    code: -32603,
    message: 'Internal error',
  });
});

it('[rpc.session-store-absent] says which part is missing where nobody gave a warehouse', async () => {
  const { fail } = await served();
  expect(await fail('session_store/bigquery', { operation: 'read_rows', ...at })).toMatchObject({
    data: { kind: 'config_invalid', part: 'session_warehouse' },
  });
});

function row(sessionId: string, given: Partial<SessionRow> = {}): SessionRow {
  return { sessionId, updatedAtMs: 5, deleted: false, payload: null, labels: {}, ...given };
}
