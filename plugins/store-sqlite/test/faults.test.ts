import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { entry } from '@mobkit/contract-kit';
import { openSqliteStores } from '@mobkit/store-sqlite';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';

import { openAsOwner } from '../src/owner-connection.js';
import { SqliteStorage } from '../src/sqlite-storage.js';
import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();
const log = { kind: 'log', name: 'test_log', fields: { color: 'text' } } as const;
const records = { kind: 'records', name: 'test_records', fields: { color: 'text' } } as const;

/** A storage whose file cannot grow beyond so many pages. */
async function openSmall() {
  const directory = freshDirectory();
  const connection = openAsOwner({ directory, readOnly: false, onError: () => {} });
  onTestFinished(() => connection.close());
  const storage = new SqliteStorage(connection);
  await storage.prepare([log, records]);
  const allow = (pages: number) =>
    connection.write(
      () => 'limit',
      (session) => session.all({ sql: `pragma max_page_count = ${pages}`, parameters: [] }),
    );
  return { directory, connection, storage, allow };
}

it('[sqlite.full] stores nothing of a batch the disk has no room for, and all of it when there is', async () => {
  const { directory, storage, allow } = await openSmall();
  await storage.log(log).append([entry('a')]);
  await allow(40);
  const batch = Array.from({ length: 64 }, (_, n) =>
    entry(`b${n}`, { data: JSON.stringify('x'.repeat(4_000)) }),
  );
  const write = {
    puts: [{ records, key: 'k', record: { data: '1' } }],
    appends: [{ log, entries: batch }],
  };
  const full = { code: 'MOB_STORE_UNAVAILABLE', retryable: true, details: { directory } };
  await expect(storage.commit(write)).rejects.toMatchObject(full);
  expect(await storage.log(log).read({ afterSeq: 0 })).toMatchObject({ entries: [{ id: 'a' }], lastSeq: 1 });
  expect(await storage.records(records).get('k')).toBeUndefined();
  // Small writes still find room.
  expect(await storage.log(log).append([entry('c')])).toMatchObject({ lastSeq: 2 });
  await allow(1_000_000);
  expect(await storage.commit(write)).toMatchObject({ appended: [{ stored: 64, lastSeq: 66 }] });
});

it('[sqlite.columns] makes a real column of every field, which plain SQL can ask for', async () => {
  const { directory, storage } = await openSmall();
  await storage.log(log, 'one').append([entry('a', { fields: { color: 'red' } }), entry('b')]);
  const database = new Database(join(directory, 'mobkit.sqlite3'));
  onTestFinished(() => void database.close());
  const select = `select seq, id from test_log where partition = 'one' and color = 'red' and seq > 0 order by seq`;
  expect(database.prepare(select).all()).toEqual([{ seq: 1, id: 'a' }]);
  expect(database.prepare(`explain query plan ${select}`).all()).toMatchObject([
    { detail: expect.stringContaining('test_log__color (partition=? AND color=? AND seq>?)') },
  ]);
});

it('[sqlite.newer-columns] keeps the columns of a newer version of a definition', async () => {
  const directory = freshDirectory();
  const wider = { ...log, fields: { ...log.fields, weight: 'integer' } } as const;
  const newer = await openSqliteStores({ directory });
  await newer.storage.prepare([wider]);
  await newer.storage.log(wider).append([entry('a', { fields: { weight: 3 } })]);
  await newer.close();
  const older = await openSqliteStores({ directory });
  await older.storage.prepare([log]);
  await older.storage.log(log).append([entry('b', { fields: { color: 'red' } })]);
  await older.close();
  const again = await openSqliteStores({ directory });
  onTestFinished(() => again.close());
  await again.storage.prepare([wider]);
  const { entries } = await again.storage.log(wider).read({});
  expect(entries.map(({ fields }) => fields)).toEqual([{ weight: 3 }, { color: 'red' }]);
});

it('[sqlite.newer-database] refuses a database that a newer version wrote', async () => {
  const directory = freshDirectory();
  await (await openSqliteStores({ directory })).close();
  const database = new Database(join(directory, 'mobkit.sqlite3'));
  database.exec('pragma user_version = 999');
  database.close();
  for (const readOnly of [false, true]) {
    await expect(openSqliteStores({ directory, readOnly })).rejects.toMatchObject({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringContaining('newer version'),
      details: { directory, version: 999 },
    });
  }
});

it('[sqlite.synchronous] has every commit on the disk before it returns', async () => {
  const { connection, storage } = await openSmall();
  const pragma = (name: string) =>
    connection.read(
      () => 'ask',
      (session) => session.all({ sql: `pragma ${name}`, parameters: [] }),
    );
  // 2 is `full`: the WAL is synced by every commit.
  expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }]);
  expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(storage.supports).toEqual({ durable: true, processes: 'one', cursor: 'strict' });
});

it('refuses what is not a database', async () => {
  const directory = freshDirectory();
  await (await openSqliteStores({ directory })).close();
  for (const suffix of ['-wal', '-shm']) rmSync(join(directory, `mobkit.sqlite3${suffix}`), { force: true });
  writeFileSync(
    join(directory, 'mobkit.sqlite3'),
    'not a database, only text that is long enough to be read as one'.repeat(99),
  );
  await expect(openSqliteStores({ directory })).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    retryable: false,
    details: { directory },
  });
});
