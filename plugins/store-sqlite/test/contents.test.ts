import { join } from 'node:path';

import { entry } from '@mobkit/contract-kit';
import { openSqliteStores } from '@mobkit/store-sqlite';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';

import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();
const log = { kind: 'log', name: 'test_log', fields: { color: 'text', constructor: 'integer' } } as const;

it('[sqlite.contents] says what is kept to a reader too, and passes over tables of others', async () => {
  const directory = freshDirectory();
  const owner = await openSqliteStores({ directory });
  onTestFinished(() => owner.close());
  const own = await owner.storage.contents();
  await owner.storage.prepare([log]);
  await owner.storage.log(log, 'one').append([entry('a')]);

  const database = new Database(join(directory, 'mobkit.sqlite3'));
  database.exec(`create table theirs (id integer primary key, data text);
    create table "Their Log" as select * from test_log;
    create view their_view as select * from test_log`);
  database.close();

  const reader = await openSqliteStores({ directory, readOnly: true });
  onTestFinished(() => reader.close());
  for (const { storage } of [owner, reader]) {
    expect(await storage.contents()).toEqual({
      logs: [...own.logs, { definition: log, partitions: ['one'] }],
      records: own.records,
    });
  }
});
