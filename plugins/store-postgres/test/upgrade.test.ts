import { readFile } from 'node:fs/promises';

import { deadLettersOver, eventLogDefinition } from '@mobkit/core';
import { entry, event } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const orders = { kind: 'log', name: 'orders', fields: { color: 'text', size: 'integer' } } as const;
const jobs = { kind: 'records', name: 'jobs', fields: { color: 'text' } } as const;

it('[postgres.upgrade] reads, appends, claims, enlists and prunes in a schema that version 0.1.0 made', async () => {
  const { schema, client } = await released();
  const { storage, eventLog, outbox } = await open(schema);
  await storage.prepare([orders, jobs]);
  const { events } = await eventLog.query({ memberId: 'worker-1', eventTypes: ['text_delta'] });
  expect(events.map(({ id, seq }) => [id, seq])).toEqual([1, 2, 3, 4].map((n) => [`evt-${n}`, n]));
  const log = storage.log(orders);
  expect(await log.read({ afterSeq: 1, where: { color: 'blue' }, sinceMs: 30 })).toMatchObject({
    entries: [{ id: 'o-4', seq: 4, fields: { color: 'blue', size: 4 }, data: '{"n":4,"nul":"\\u0000"}' }],
    firstSeq: 2,
    lastSeq: 5,
  });
  expect(await log.append([entry('o-3'), entry('o-6')])).toEqual({
    stored: 1,
    duplicates: ['o-3'],
    lastSeq: 6,
  });
  expect(await storage.log(orders, 'other').bounds()).toEqual({ firstSeq: 1, lastSeq: 1 });
  const { records: claimed } = await storage.records(jobs).claimDue({ owner: 'o', leaseMs: 1, limit: 9 });
  expect(claimed.map(({ key }) => key)).toEqual(['due', 'held']);
  expect(await storage.records(jobs).get('plain')).toMatchObject({ data: '3', version: 3 });
  await outbox.enlist(client, [event('enlisted')]);
  await expect.poll(async () => (await eventLog.query({ afterSeq: 4 })).events).toHaveLength(1);
  expect(await log.prune({ keep: 2 })).toBe(3);
  expect(await log.bounds()).toEqual({ firstSeq: 5, lastSeq: 6 });
  expect(await (await deadLettersOver(storage)).list()).toEqual({ letters: [], more: false });
});

it('[postgres.times-upgrade] finds times in what was there before they were noted, and what a 0.1.0 process goes on to append', async () => {
  const { schema, client } = await released();
  const { storage } = await open(schema);
  const log = storage.log(eventLogDefinition);
  const released010 = async (from: number, count: number) => {
    const entries = Array.from({ length: count }, (_, at) => ({
      id: `old-${from + at}`,
      timestamp_ms: 2_000_000_000_000 + from + at,
      data: '{}',
    }));
    await client.query(`select ${schema}._append_event_log('', $1, null, null)`, [JSON.stringify(entries)]);
  };
  const idsAt = async (sinceMs: number, untilMs: number) => {
    const query = { sinceMs: 2_000_000_000_000 + sinceMs, untilMs: 2_000_000_000_000 + untilMs };
    return (await log.read(query)).entries.map(({ id }) => id);
  };
  await released010(0, 3_000);
  expect(await idsAt(1_000, 1_002)).toEqual(['old-1000', 'old-1001']);
  // The fourth to come is the first to fill a block, and notes all those before.
  await log.append(Array.from({ length: 600 }, (_, at) => entry(`new-${at}`)));
  const { rows } = await client.query(`select max(block) as last from ${schema}._time_ranges`);
  expect(rows).toEqual([{ last: String(Math.floor((4 + 3_600 + 1) / 512) - 1) }]);
  await released010(3_000, 2_000);
  expect(await idsAt(1_000, 1_002)).toEqual(['old-1000', 'old-1001']);
  expect(await idsAt(4_000, 4_002)).toEqual(['old-4000', 'old-4001']);
  expect(await idsAt(2_999, 3_001)).toEqual(['old-2999', 'old-3000']);
});

it('[postgres.open-together] opens a fresh schema from four processes at once', async () => {
  const schema = freshSchema();
  const all = await Promise.all(Array.from({ length: 4 }, () => open(schema)));
  const appended = await Promise.all(all.map(({ eventLog }, at) => eventLog.appendBatch([event(`${at}`)])));
  expect(new Set(appended.map(({ lastSeq }) => lastSeq))).toEqual(new Set([1, 2, 3, 4]));
});

it('[postgres.newer-schema] opens a schema that a newer version has changed', async () => {
  const schema = freshSchema();
  await (await open(schema)).close();
  const client = await connected();
  await client.query(`insert into ${schema}._upgrades (name) values ('9999_later');
    create table ${schema}._later (a int);
    alter table ${schema}.event_log add column later text`);
  const { eventLog } = await open(schema);
  await eventLog.appendBatch([event('a')]);
  expect((await eventLog.query({})).events).toMatchObject([{ id: 'a', seq: 1 }]);
});

async function open(schema: string) {
  const stores = await openPostgresStores({ connectionString, schema });
  onTestFinished(() => stores.close());
  return stores;
}

async function connected(): Promise<Client> {
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** The frozen schema under a name of the test's. */
async function released() {
  const schema = freshSchema();
  const dump = await readFile(new URL('released/0.1.0.sql', import.meta.url), 'utf8');
  const client = await connected();
  await client.query(dump.replaceAll('released', schema));
  return { schema, client };
}
