import { fork } from 'node:child_process';
import { once } from 'node:events';

import { deadLettersOver, isMobError, type NewEvent } from '@mobkit/core';
import { event } from '@mobkit/contract-kit';
import { openPostgresStores, type PostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';

import { holdCounter } from './hold-counter.js';
import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
/** Room to start a process on a busy machine. */
const CHILD_TIMEOUT_MS = 30_000;

const hooks = new URL('../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;

it('[postgres.outbox-commit] moves events into the log when the transaction they were enlisted in commits', async () => {
  const { stores, schema } = await open();
  const client = await connected();
  const wake = vi.fn<() => void>();
  onTestFinished(stores.eventLog.onAppend!(wake));
  await client.query('begin; create temp table orders (id text)');
  await client.query(`insert into orders values ('a')`);
  await stores.outbox.enlist(client, [event('a'), event('b')]);
  await stores.outbox.enlist(client, []);
  await stores.outbox.enlist(client, [event('c'), event('a')]);
  expect(await idsOf(stores)).toEqual([]);
  const woken = wake.mock.calls.length;
  await client.query('commit');
  await expect.poll(() => idsOf(stores)).toEqual(['a', 'b', 'c']);
  await expect.poll(() => wake.mock.calls.length).toBeGreaterThan(woken);
  await untilMoved(client, schema);
});

it('[postgres.outbox-same] gives back what was enlisted as it was given', async () => {
  const { stores } = await open();
  const payload = { nul: '\0', half: '\ud800', text: '"\\ü𝄞', list: [1, null, { deep: true }] };
  const given: NewEvent = {
    ...event('a'),
    timestampMs: -5,
    memberId: 'worker-1:0',
    identity: 'worker-1',
    runId: 'run-1',
    event: { kind: 'module', module: 'm', eventType: 'said', payload },
  };
  await stores.outbox.enlist(await connected(), [given]);
  await expect
    .poll(async () => (await stores.eventLog.query({ memberId: 'worker-1', runId: 'run-1' })).events)
    .toEqual([{ ...given, seq: 1 }]);
});

it('[postgres.outbox-rollback] forgets what was enlisted in a transaction, or a part of one, that is rolled back', async () => {
  const { stores, schema } = await open();
  const client = await connected();
  await client.query('begin');
  await stores.outbox.enlist(client, [event('a')]);
  await client.query('rollback');
  await client.query('begin');
  await stores.outbox.enlist(client, [event('b')]);
  await client.query('savepoint part');
  await stores.outbox.enlist(client, [event('c')]);
  await client.query('rollback to savepoint part');
  await stores.outbox.enlist(client, [event('d')]);
  await client.query('commit');
  await untilMoved(client, schema);
  expect(await idsOf(stores)).toEqual(['b', 'd']);
});

it('[postgres.outbox-check] refuses an event that cannot be kept, naming it, before anything is written', async () => {
  const { stores } = await open();
  const client = { query: vi.fn<() => Promise<void>>() };
  const wrong: readonly [object, string][] = [
    [{ ...event('b'), id: 'x\0' }, 'id'],
    [{ ...event('b'), timestampMs: 2 ** 53 }, 'timestampMs of "b"'],
    [{ ...event('b'), event: { ...event('b').event, payload: 1n } }, 'payload of event "b"'],
  ];
  for (const [one, said] of wrong) {
    const enlisted = stores.outbox.enlist(client, [event('a'), one as NewEvent]);
    await expect(enlisted).rejects.toThrow(TypeError);
    await expect(enlisted).rejects.toThrow(said);
  }
  expect(client.query).not.toHaveBeenCalled();
});

it('[postgres.outbox-many] moves 10,000 events once each with three relays at work, those of a transaction in order', async () => {
  const schema = freshSchema();
  const all = [await open(schema), await open(schema), await open(schema)];
  const writers = Array.from({ length: 4 }, async (__, writer) => {
    const client = await connected();
    const { outbox } = all[writer % all.length]!.stores;
    // Some too many for one move, most of a single call, and enlisted in a transaction that another one overtakes.
    for (const [transaction, size] of [700, 1, 500, 20, 279, 1_000].entries()) {
      const ids = Array.from({ length: size }, (_, at) => `${writer}/${transaction}/${at}`);
      await client.query('begin');
      for (let at = 0; at < size; at += 100) {
        await outbox.enlist(
          client,
          ids.slice(at, at + 100).map((id) => event(id)),
        );
      }
      await client.query('commit');
    }
  });
  await Promise.all(writers);
  await untilMoved(await connected(), schema);
  const ids = await idsOf(all[0]!.stores);
  expect(ids).toHaveLength(10_000);
  expect(new Set(ids)).toHaveLength(10_000);
  const next = new Map<string, number>();
  for (const id of ids) {
    const transaction = id.slice(0, id.lastIndexOf('/'));
    const at = Number(id.slice(id.lastIndexOf('/') + 1));
    expect([id, at]).toEqual([id, next.get(transaction) ?? 0]);
    next.set(transaction, at + 1);
  }
});

it('[postgres.outbox-many] moves nothing of a transaction whose first event another relay holds', async () => {
  const { stores, schema } = await open();
  const client = await connected();
  await stores.eventLog.appendBatch([event('before')]);
  const counter = await holdCounter(schema);
  await stores.outbox.enlist(client, [event('x')]);
  await counter.whoWaits();
  await client.query('begin');
  await stores.outbox.enlist(client, [event('a'), event('b'), event('c')]);
  await client.query('commit');
  const other = await connected();
  await other.query(`begin; select from ${schema}._outbox where entry::json ->> 'id' = 'a' for update`);
  await counter.release();
  await stores.outbox.enlist(client, [event('y')]);
  await expect.poll(() => idsOf(stores)).toContain('y');
  expect(await idsOf(stores)).toEqual(['before', 'x', 'y']);
  await other.query('rollback');
  await stores.outbox.enlist(client, [event('z')]);
  await untilMoved(client, schema);
  expect(await idsOf(stores)).toEqual(['before', 'x', 'y', 'a', 'b', 'c', 'z']);
});

it(
  '[postgres.outbox-killed] moves what a process enlisted that was killed between its commit and the move',
  async () => {
    const { stores, schema } = await open();
    await stores.eventLog.appendBatch([event('before')]);
    await stores.close();
    const holder = await holdCounter(schema);
    const child = fork(new URL('outbox-child.ts', import.meta.url), [schema], {
      execArgv: ['--conditions=@mobkit/source', '--import', hooks],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    expect(await Promise.race([once(child, 'message'), exited])).toEqual(['committed', undefined]);
    // It holds the rows, and waits for the log.
    await holder.whoWaits();
    child.kill('SIGKILL');
    await exited;
    await holder.terminateWhoWaits();
    await holder.release();
    const { stores: next } = await open(schema);
    await expect.poll(() => idsOf(next)).toEqual(['before', 'a', 'b']);
  },
  CHILD_TIMEOUT_MS,
);

it('[postgres.outbox-close] finishes the move under way when it is closed, and takes nothing more', async () => {
  const { stores, schema } = await open();
  const client = await connected();
  await stores.eventLog.appendBatch([event('before')]);
  const holder = await holdCounter(schema);
  await stores.outbox.enlist(client, [event('a')]);
  await holder.whoWaits();
  const closed = stores.close();
  await expect(stores.outbox.enlist(client, [event('b')])).rejects.toThrow('store-postgres is closed');
  const first = await Promise.race([closed.then(() => 'closed'), holder.whoWaits().then(() => 'moving')]);
  expect(first).toBe('moving');
  await holder.release();
  await closed;
  expect(await enlistedIn(client, schema)).toBe(0);
  const { stores: next } = await open(schema);
  expect(await idsOf(next)).toEqual(['before', 'a']);
});

it('[postgres.outbox-refused] keeps an event that the log refuses as a dead letter, and moves those around it', async () => {
  const { stores, schema, errors } = await open();
  const client = await connected();
  await client.query(`alter table ${schema}.event_log add constraint no_bad check (id <> 'bad')`);
  await stores.outbox.enlist(client, [event('a'), event('b'), event('bad'), event('c')]);
  await untilMoved(client, schema);
  expect(await idsOf(stores)).toEqual(['a', 'b', 'c']);
  const dead = await deadLettersOver(stores.storage);
  const { letters } = await dead.list();
  expect(letters).toMatchObject([{ eventId: 'bad', error: expect.stringContaining('no_bad') as string }]);
  expect(JSON.parse(letters[0]!.event)).toEqual(event('bad'));
  await expect.poll(() => errors).toMatchObject([{ code: 'MOB_STORE_REFUSED' }]);
});

it('[postgres.outbox-failure] says once that it cannot move, and moves everything when it can again', async () => {
  const { stores, schema, errors } = await open();
  const client = await connected();
  await client.query(`alter table ${schema}.event_log rename to away`);
  await stores.outbox.enlist(client, [event('a')]);
  await expect.poll(() => errors).toHaveLength(1);
  await stores.outbox.enlist(client, [event('b')]);
  await client.query(`alter table ${schema}.away rename to event_log`);
  await untilMoved(client, schema);
  expect(await idsOf(stores)).toEqual(['a', 'b']);
  expect(errors).toHaveLength(1);
  expect(isMobError(errors[0], 'MOB_STORE_REFUSED')).toBe(true);
});

async function open(schema = freshSchema()) {
  const errors: unknown[] = [];
  const stores = await openPostgresStores({
    connectionString,
    schema,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => stores.close());
  return { stores, schema, errors };
}

async function connected(): Promise<Client> {
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function idsOf({ eventLog }: PostgresStores): Promise<string[]> {
  return (await eventLog.query({ afterSeq: 0, limit: 20_000 })).events.map(({ id }) => id);
}

function untilMoved(client: Client, schema: string): Promise<void> {
  return expect.poll(() => enlistedIn(client, schema)).toBe(0);
}

async function enlistedIn(client: Client, schema: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${schema}._outbox`);
  return Number(rows[0]!.count);
}
