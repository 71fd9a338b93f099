import { tail, type OrderedLog } from '@mobkit/core';
import { entry, ManualClock } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Client, Pool } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';

import { Announcer } from '../src/announcer.js';
import { connect } from '../src/connection.js';
import { Listener } from '../src/listener.js';
import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const log = { kind: 'log', name: 'test_log', fields: {} } as const;

it('[postgres.commit-wakes] wakes the reader of another process after a commit across records and logs', async () => {
  const schema = freshSchema();
  const [writer, reader] = [await open(schema), await open(schema)];
  const next = await following(reader.storage.log(log));
  await writer.storage.commit({ appends: [{ log, entries: [entry('a')] }] });
  expect((await next()).value).toMatchObject({ id: 'a' });
});

it('[postgres.joined] announces a burst of appends with one more notification after the first', async () => {
  const schema = freshSchema();
  const clock = new ManualClock();
  const connection = await connect({ connectionString, schema });
  const listener = new Listener(connection, clock);
  const announcer = new Announcer(connection, listener, clock);
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await Promise.all([announcer.close(), connection.drain(), listener.close()]);
    await connection.close();
  });
  const heard: (string | undefined)[] = [];
  client.on('notification', ({ payload }) => heard.push(payload));
  await client.query(`listen "${schema}"`);
  announcer.appended('test_log/');
  await expect.poll(() => heard).toEqual(['test_log/']);
  for (let times = 0; times < 200; times++) announcer.appended('test_log/');
  announcer.appended('test_log/other');
  await expect
    .poll(() => {
      clock.advance(5);
      return heard;
    })
    .toContain('test_log/other');
  expect(heard).toEqual(['test_log/', 'test_log/', 'test_log/other']);
});

it('[postgres.unannounced] wakes for an append that was never announced, because its process ended before', async () => {
  const schema = freshSchema();
  const stores = await open(schema);
  await stores.storage.log(log).append([entry('a')]);
  const clock = new ManualClock();
  const connection = await connect({ connectionString, schema });
  const listener = new Listener(connection, clock);
  onTestFinished(async () => {
    await Promise.all([connection.drain(), listener.close()]);
    await connection.close();
  });
  const wake = vi.fn<() => void>();
  listener.subscribe('test_log/', wake);
  // Once because it begins to listen, and once because it never looked before.
  await expect.poll(() => wake.mock.calls).toHaveLength(1);
  clock.advance(5_000);
  await expect.poll(() => wake.mock.calls).toHaveLength(2);
  await connection.pool.query(`update "${schema}"._counters set last_seq = last_seq + 1`);
  await expect
    .poll(() => {
      clock.advance(5_000);
      return wake.mock.calls;
    })
    .toHaveLength(3);
});

it('[postgres.pool-errors] lives on when idle connections of a given pool are cut, and says so', async () => {
  const pool = new Pool({ connectionString });
  onTestFinished(() => pool.end());
  const errors: unknown[] = [];
  const stores = await openPostgresStores({
    pool,
    schema: freshSchema(),
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => stores.close());
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const killer = new Client(connectionString);
  await killer.connect();
  onTestFinished(() => killer.end());
  await killer.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
  await expect.poll(() => errors).toMatchObject([{ code: 'MOB_STORE_UNAVAILABLE' }]);
  expect(await stores.eventLog.query({})).toMatchObject({ lastSeq: 0 });
  await stores.close();
  expect(pool.listenerCount('error')).toBe(0);
});

async function open(schema: string) {
  const stores = await openPostgresStores({ connectionString, schema });
  onTestFinished(() => stores.close());
  await stores.storage.prepare([log]);
  return stores;
}

/** Follows a log from its beginning, and is there when it has been found empty and nothing but a wake-up goes on. */
async function following(all: OrderedLog) {
  let reads = 0;
  const reader = tail(
    { onAppend: (wake) => all.onAppend(wake), read: (query) => all.read(query).finally(() => reads++) },
    { afterSeq: 0 },
  );
  const next = reader.next();
  // Two: one of its own, and one because the listener has begun.
  await expect.poll(() => reads).toBeGreaterThanOrEqual(2);
  return () => next;
}
