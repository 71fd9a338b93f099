import { statSync } from 'node:fs';
import { join } from 'node:path';

import { entry } from '@mobkit/contract-kit';
import { tail } from '@mobkit/core';
import { openSqliteStores } from '@mobkit/store-sqlite';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';

import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();
const log = { kind: 'log', name: 'test_log', fields: { color: 'text' } } as const;

async function open(directory: string, readOnly = false) {
  const stores = await openSqliteStores({ directory, readOnly });
  onTestFinished(() => stores.close());
  await stores.storage.prepare([log]);
  return stores;
}

const entries = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => entry(`e${from + n}`, { data: JSON.stringify('x'.repeat(1_000)) }));

it('[sqlite.prune-beside] prunes slice by slice, between which appends and a tailing reader go on', async () => {
  const { storage } = await open(freshDirectory());
  const notes = storage.log(log);
  await notes.append(entries(1, 3_000));
  const reader = tail(notes, { afterSeq: 2_500 });
  const read: number[] = [];
  let pruned: number | undefined;
  const pruning = notes.prune({ seq: 2_501 }).then((gone) => (pruned = gone));
  let between = 0;
  for (let next = 3_001; pruned === undefined; next++, between++) {
    await notes.append(entries(next, 1));
    read.push((await reader.next()).value?.seq ?? 0);
    const { firstSeq, entries: oldest } = await notes.read({ afterSeq: 0, limit: 1 });
    // What is said to be kept is kept: the end of a slice is never seen half done.
    expect(oldest[0]?.seq).toBe(firstSeq);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(between).toBeGreaterThan(5);
  expect(await pruning).toBe(2_500);
  const { lastSeq } = await notes.bounds();
  expect(await notes.bounds()).toEqual({ firstSeq: 2_501, lastSeq: 3_000 + between });
  while (read.length < lastSeq - 2_500) read.push((await reader.next()).value?.seq ?? 0);
  expect(read).toEqual(Array.from({ length: lastSeq - 2_500 }, (_, n) => 2_501 + n));
  await reader.return(undefined);
});

it('[sqlite.wal] lets the file beside the database grow under a reader, and gives it back when that is gone', async () => {
  const directory = freshDirectory();
  const { storage } = await open(directory);
  const walBytes = () => statSync(join(directory, 'mobkit.sqlite3-wal')).size;
  let count = 0;
  const append = async (batches: number) => {
    for (let n = 0; n < batches; n++, count += 1_000) await storage.log(log).append(entries(count, 1_000));
  };
  const stuck = new Database(join(directory, 'mobkit.sqlite3'));
  stuck.exec('begin');
  stuck.prepare('select count(*) from test_log').all([]);
  await append(20);
  expect(walBytes()).toBeGreaterThan(20 * 2 ** 20);
  stuck.exec('commit');
  stuck.close();
  await append(10);
  expect(walBytes()).toBeLessThanOrEqual(16 * 2 ** 20);
});

it('[sqlite.read-brief] holds nothing up between the pages of a reader', async () => {
  const directory = freshDirectory();
  const { storage } = await open(directory);
  await storage.log(log).append(entries(1, 600));
  const reader = await open(directory, true);
  const pages = tail(reader.storage.log(log), { afterSeq: 0 });
  expect((await pages.next()).value?.seq).toBe(1);
  // In the middle of the first page: a checkpoint finds nobody in its way.
  const other = new Database(join(directory, 'mobkit.sqlite3'));
  onTestFinished(() => void other.close());
  expect(other.prepare('pragma wal_checkpoint(truncate)').all([])).toEqual([
    { busy: 0, log: 0, checkpointed: 0 },
  ]);
  for (let seq = 2; seq <= 600; seq++) expect((await pages.next()).value?.seq).toBe(seq);
  await pages.return(undefined);
});
