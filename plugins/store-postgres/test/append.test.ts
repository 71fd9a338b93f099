import type { LogDefinition, OrderedLog } from '@mobkit/core';
import { entry } from '@mobkit/contract-kit';
import { openPostgresStores, type PostgresStoreOptions, type PostgresStores } from '@mobkit/store-postgres';
import { Pool } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

import { holdCounter } from './hold-counter.js';
import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const log = { kind: 'log', name: 'test_log', fields: { color: 'text', size: 'integer' } } as const;
const unavailable = { code: 'MOB_STORE_UNAVAILABLE', retryable: true };

it('[postgres.columns] keeps every field of every entry, given or not', async () => {
  const { stores } = await open();
  const entries = [
    { ...entry('a'), fields: { color: 'red', size: -1 } },
    { ...entry('b'), fields: {} },
    { ...entry('ü𝄞"\\,{}'), fields: { color: '', size: Number.MIN_SAFE_INTEGER } },
    { ...entry('d'), fields: { color: 'NULL', size: Number.MAX_SAFE_INTEGER } },
    { ...entry('e'), fields: { size: 2 ** 32 } },
  ];
  const all = stores.storage.log(log);
  await all.append(entries);
  expect((await all.read({ afterSeq: 0 })).entries).toEqual(
    entries.map((one, at) => ({ ...one, seq: at + 1 })),
  );
});

it('[postgres.call-order] numbers appends in the order of the calls, although the first has to be sent again', async () => {
  const { stores } = await open();
  const all = stores.storage.log(log);
  await all.append([entry('a')]);
  const appended = await Promise.all([
    all.append([entry('a'), entry('b')]),
    all.append([entry('c')]),
    all.append([entry('d')], { expectedLastSeq: 3 }),
    all.append([entry('e'), entry('c')]),
    all.append([entry('f')]),
  ]);
  expect(appended).toEqual([
    { stored: 1, duplicates: ['a'], lastSeq: 2 },
    { stored: 1, duplicates: [], lastSeq: 3 },
    { stored: 1, duplicates: [], lastSeq: 4 },
    { stored: 1, duplicates: ['c'], lastSeq: 5 },
    { stored: 1, duplicates: [], lastSeq: 6 },
  ]);
  expect(await idsOf(all)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

it('[postgres.call-order] keeps the order of many appends that are under way at once', async () => {
  const { stores } = await open();
  const all = stores.storage.log(log);
  const ids = Array.from({ length: 100 }, (_, at) => `id-${at}`);
  // Every tenth sends the one before it again.
  await Promise.all(
    ids.map((id, at) => all.append(at % 10 ? [entry(id)] : [entry(ids[at - 1] ?? id), entry(id)])),
  );
  expect(await idsOf(all)).toEqual(ids);
});

it('[postgres.behind-failed] fails what was called after an append that fails, so that it can be sent again first', async () => {
  const { stores } = await open();
  const all = stores.storage.log(log);
  const refused = { ...entry('a'), data: '\0' };
  const results = await Promise.allSettled([
    all.append([refused]),
    all.append([entry('b')]),
    all.append([entry('c')]),
  ]);
  expect(results).toMatchObject([
    { reason: { code: 'MOB_STORE_REFUSED', details: { reason: 'data' } } },
    { reason: unavailable },
    { reason: unavailable },
  ]);
  expect(await all.bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  await Promise.all([all.append([entry('a')]), all.append([entry('b')]), all.append([entry('c')])]);
  expect(await idsOf(all)).toEqual(['a', 'b', 'c']);
});

it('[postgres.behind-conflict] goes on behind a conflict', async () => {
  const { stores } = await open();
  const all = stores.storage.log(log);
  const results = await Promise.allSettled([
    all.append([entry('a')], { expectedLastSeq: 7 }),
    all.append([entry('b')]),
  ]);
  expect(results).toMatchObject([{ reason: { code: 'MOB_CONFLICT' } }, { value: { lastSeq: 1 } }]);
});

it.each([
  ['made', true],
  ['given', false],
])(
  '[postgres.lost-connection] says that it may have failed when a %s connection is lost, and takes the same again in order',
  async (_, made) => {
    const { stores, schema } = await (made ? open() : openWithPool());
    const all = stores.storage.log(log);
    await all.append([entry('a')]);
    const holder = await holdCounter(schema);
    const appends = () => Promise.allSettled(['b', 'c', 'd'].map((id) => all.append([entry(id)])));
    const lost = appends();
    await holder.terminateWhoWaits();
    expect(await lost).toMatchObject(Array.from({ length: 3 }, () => ({ reason: unavailable })));
    await holder.release();
    expect(await appends()).toMatchObject([2, 3, 4].map((lastSeq) => ({ value: { lastSeq } })));
    expect(await idsOf(all)).toEqual(['a', 'b', 'c', 'd']);
  },
);

it('[postgres.isolation] numbers as ever where transactions are serializable by default', async () => {
  const pool = new Pool({ connectionString, options: '-c default_transaction_isolation=serializable' });
  onTestFinished(() => pool.end());
  const { stores, schema } = await open({ pool });
  const all = stores.storage.log(log);
  await all.append([entry('a')]);
  const holder = await holdCounter(schema);
  const appended = Promise.all([all.append([entry('b')]), all.append([entry('c')])]);
  await holder.whoWaits();
  await holder.release();
  expect(await appended).toMatchObject([{ lastSeq: 2 }, { lastSeq: 3 }]);
  const { rows } = await pool.query('show default_transaction_isolation');
  expect(rows).toEqual([{ default_transaction_isolation: 'serializable' }]);
});

it('[postgres.other-log] goes on with one log while another is held up', async () => {
  const other: LogDefinition = { kind: 'log', name: 'other_log', fields: {} };
  const { stores, schema } = await open();
  await stores.storage.prepare([other]);
  await stores.storage.log(log).append([entry('a')]);
  const holder = await holdCounter(schema);
  const held = stores.storage.log(log).append([entry('b')]);
  await holder.whoWaits();
  expect(await stores.storage.log(other).append([entry('c')])).toMatchObject({ lastSeq: 1 });
  await holder.release();
  expect(await held).toMatchObject({ lastSeq: 2 });
});

it('[postgres.versions-together] takes appends of an older version of a log beside those of a newer one', async () => {
  const { stores, schema } = await open();
  const newer = { ...log, fields: { aroma: 'text', size: 'integer' } } as const;
  const later = await openPostgresStores({ connectionString, schema });
  onTestFinished(() => later.close());
  await stores.storage.log(log).append([{ ...entry('a'), fields: { color: 'red' } }]);
  await later.storage.prepare([newer]);
  await stores.storage.log(log).append([{ ...entry('b'), fields: { color: 'blue', size: 1 } }]);
  await later.storage.log(newer).append([{ ...entry('c'), fields: { aroma: 'sour', size: 2 } }]);
  await stores.storage.prepare([log]);
  await later.storage.log(newer).append([{ ...entry('d'), fields: { aroma: 'sweet' } }]);
  const seen = async (by: PostgresStores, as: LogDefinition) =>
    (await by.storage.log(as).read({ afterSeq: 0 })).entries.map(({ fields }) => fields);
  expect(await seen(stores, log)).toEqual([{ color: 'red' }, { color: 'blue', size: 1 }, { size: 2 }, {}]);
  expect(await seen(later, newer)).toEqual([{}, { size: 1 }, { aroma: 'sour', size: 2 }, { aroma: 'sweet' }]);
});

it('[postgres.too-large] refuses an append that the server could not take, as data of which less may pass', async () => {
  const { stores } = await open();
  const all = stores.storage.log(log);
  const large = { ...entry('a'), data: 'x'.repeat(256 * 1024 * 1024) };
  const refused = { code: 'MOB_STORE_REFUSED', details: { reason: 'data' } };
  await expect(all.append([large])).rejects.toMatchObject(refused);
  expect(await all.append([entry('a')])).toMatchObject({ lastSeq: 1 });
});

it('[postgres.close-waits] stores what was given before it was closed, and takes no more', async () => {
  const { stores, schema } = await open();
  const all = stores.storage.log(log);
  const given = Promise.all([all.append([entry('a')]), all.append([entry('b')]), all.append([entry('c')])]);
  const closed = stores.close();
  await expect(all.append([entry('d')])).rejects.toThrow('store-postgres is closed');
  expect(await given).toMatchObject([{ lastSeq: 1 }, { lastSeq: 2 }, { lastSeq: 3 }]);
  await closed;
  const { stores: again } = await open({ connectionString, schema });
  expect(await idsOf(again.storage.log(log))).toEqual(['a', 'b', 'c']);
});

async function open(
  options: PostgresStoreOptions = { connectionString },
): Promise<{ stores: PostgresStores; schema: string }> {
  const { schema = freshSchema() } = options;
  const stores = await openPostgresStores({ ...options, schema });
  onTestFinished(() => stores.close());
  await stores.storage.prepare([log]);
  return { stores, schema };
}

function openWithPool() {
  const pool = new Pool({ connectionString });
  onTestFinished(() => pool.end());
  return open({ pool });
}

async function idsOf(all: OrderedLog): Promise<readonly string[]> {
  return (await all.read({ afterSeq: 0 })).entries.map(({ id }) => id);
}

it('[postgres.lanes-share] leaves connections to other partitions and readers while some are never at rest', async () => {
  const pool = new Pool({ connectionString, max: 2 });
  const stores = await openPostgresStores({ pool, schema: freshSchema() });
  let busy = true;
  await stores.storage.prepare([log]);
  const appending = ['a', 'b'].flatMap((partition) =>
    Array.from({ length: 4 }, async (_, caller) => {
      for (let n = 0; busy; n++) await stores.storage.log(log, partition).append([entry(`${caller}:${n}`)]);
    }),
  );
  const other = await stores.storage.log(log, 'c').append([entry('a')]);
  const page = await stores.storage.log(log, 'a').read({ limit: 1 });
  busy = false;
  await Promise.all(appending);
  await stores.close();
  await pool.end();
  expect(other).toMatchObject({ lastSeq: 1 });
  expect(page.lastSeq).toBeGreaterThan(0);
});
