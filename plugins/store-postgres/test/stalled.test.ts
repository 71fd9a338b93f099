import { entry, ManualClock } from '@mobkit/contract-kit';
import { type Clock, type MobError, systemClock } from '@mobkit/core';
import { Client, Pool } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';

import { openTcpProxy } from '../../../test-e2e/support/tcp-proxy.js';
import { Announcer } from '../src/announcer.js';
import { Appender } from '../src/appender.js';
import type { Bounds } from '../src/bounds.js';
import { connect } from '../src/connection.js';
import { Listener } from '../src/listener.js';
import { PostgresStorage } from '../src/postgres-storage.js';
import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const log = { kind: 'log', name: 'test_log', fields: {} } as const;
const records = { kind: 'records', name: 'test_records', fields: {} } as const;
const NO_ANSWER = { code: 'MOB_STORE_UNAVAILABLE', retryable: true };

it.each(['made', 'given'])(
  '[postgres.no-answer] fails whatever was asked over connections of a %s pool that died without a word, and goes on over new ones',
  async (pool) => {
    const bounds = { answerMs: 60_000, closeMs: 60_000 };
    const { proxy, storage, close } = await open(bounds, { pool });
    onTestFinished(close);
    const [entries, all] = [storage.log(log), storage.records(records)];
    const asked = () => [
      all.get('k'),
      all.list({}),
      all.put('k', { data: '1' }),
      all.delete('other'),
      all.claimDue({ owner: 'me', leaseMs: 1, limit: 1 }),
      entries.read({}),
      entries.bounds(),
      entries.append([entry('a')]),
      storage.commit({ appends: [{ log, entries: [entry('b')] }] }),
    ];
    await Promise.all(asked());
    // All that the pool has: a new one could not even begin.
    await Promise.all(Array.from({ length: 10 }, () => all.get('k')));
    proxy.weather('stalled');
    bounds.answerMs = 300;
    for (const answer of await Promise.allSettled(asked())) {
      expect(answer).toMatchObject({ status: 'rejected', reason: NO_ANSWER });
    }
    proxy.weather('clear');
    // The pool may still have one of the dead.
    await expect.poll(() => all.get('k')).toMatchObject({ data: '1' });
    await expect.poll(async () => (await entries.read({})).entries).toHaveLength(2);
  },
);

it('[postgres.listener-stalled] listens again when the connection that listens died without a word', async () => {
  const clock = new ManualClock();
  const bounds = { answerMs: 60_000, closeMs: 60_000 };
  const { proxy, schema, errors, storage, close } = await open(bounds, { clock });
  onTestFinished(close);
  const wake = vi.fn<() => void>();
  storage.log(log).onAppend(wake);
  // Whoever begins to listen wakes everyone.
  await expect.poll(() => wake.mock.calls).toHaveLength(1);
  proxy.weather('stalled');
  proxy.weather('clear');
  bounds.answerMs = 300;
  await expect
    .poll(() => {
      // Not once it listens again: on a busy machine that connection might not answer in so short a time either.
      if (wake.mock.calls.length < 2) clock.advance(5_000);
      return wake.mock.calls;
    })
    .toHaveLength(2);
  expect(errors).toContainEqual(
    expect.objectContaining({ message: 'Postgres could not listen for appends' }),
  );
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`select pg_notify($1, 'test_log/')`, [schema]);
  await expect.poll(() => wake.mock.calls).toHaveLength(3);
});

it('[postgres.close-stalled] gives up on closing what is not answered any more, says what, and tells whoever waits', async () => {
  const { proxy, errors, storage, close } = await open({ answerMs: 60_000, closeMs: 300 });
  proxy.weather('stalled');
  const waiting = Promise.allSettled([storage.prepare([log]), storage.log(log).append([entry('a')])]);
  await close();
  for (const answer of await waiting) {
    expect(answer).toMatchObject({ status: 'rejected', reason: NO_ANSWER });
  }
  const [error] = errors;
  expect(error).toMatchObject(NO_ANSWER);
  expect(error?.message).toMatch(/given up: prepare tables, append to log "test_log"$/);
});

it('[postgres.long-work] gives no time limit to work that may take long', async () => {
  const { schema, storage, close } = await open({ answerMs: 100, closeMs: 60_000 });
  onTestFinished(close);
  const holder = new Client(connectionString);
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query(`begin; lock table "${schema}".test_records`);
  const more = { ...records, fields: { color: 'text' } } as const;
  const preparing = storage.prepare([more]);
  // It waits for the same table, and is behind it.
  await expect(storage.records(records).get('k')).rejects.toMatchObject(NO_ANSWER);
  await holder.query('commit');
  expect(await preparing).toBeUndefined();
});

/** A storage behind a proxy, which waits for answers only as long as is said. */
async function open(
  bounds: Bounds,
  { pool = 'made', clock = systemClock }: { readonly pool?: string; readonly clock?: Clock } = {},
) {
  const address = new URL(connectionString);
  const proxy = await openTcpProxy({ host: address.hostname, port: Number(address.port) });
  onTestFinished(() => proxy.close());
  address.host = `127.0.0.1:${proxy.port}`;
  const schema = freshSchema();
  const errors: MobError[] = [];
  const made = { connectionString: address.href };
  const given = pool === 'given' ? { pool: new Pool(made) } : made;
  if ('pool' in given) onTestFinished(() => given.pool.end());
  const onError = (error: MobError) => errors.push(error);
  const connection = await connect({ ...given, schema, onError }, bounds);
  const listener = new Listener(connection, clock);
  const announcer = new Announcer(connection, listener, clock);
  const appender = new Appender(connection, announcer);
  const storage = new PostgresStorage({ connection, listener, announcer, appender });
  await storage.prepare([log, records]);
  const close = async () => {
    await Promise.all([connection.drain(), listener.close()]);
    await announcer.close();
    await connection.close();
  };
  return { proxy, schema, errors, storage, close };
}
