import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { eventLogDefinition, type MobError, tail } from '@mobkit/core';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { expect, it, onTestFinished, vi } from 'vitest';

import { event } from './event.js';
import { crash } from '../../../test-e2e/support/typescript-process.js';
import { startOwner } from './owner-process.js';
import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();

async function open(directory: string, readOnly = true) {
  const stores = await openSqliteStores({ directory, readOnly });
  onTestFinished(() => stores.close());
  return stores;
}

const idsIn = async ({ eventLog }: Awaited<ReturnType<typeof open>>) =>
  (await eventLog.query({ afterSeq: 0 })).events.map(({ id }) => id);

/** A directory in which the owner left nothing but the database, where SQLite would add files to read it. */
function databaseAlone(owned: string): string {
  const directory = freshDirectory();
  mkdirSync(directory);
  copyFileSync(join(owned, 'mobkit.sqlite3'), join(directory, 'mobkit.sqlite3'));
  return directory;
}

it('[sqlite.read-beside-owner] reads while another process owns the directory, and after it was killed', async () => {
  const directory = freshDirectory();
  const owner = await startOwner(directory, 'a', 'b');
  const reader = await open(directory);
  expect(await idsIn(reader)).toEqual(['a', 'b']);
  await crash(owner);
  const files = readdirSync(directory);
  expect(await idsIn(reader)).toEqual(['a', 'b']);
  expect(await idsIn(await open(directory))).toEqual(['a', 'b']);
  expect(readdirSync(directory)).toEqual(files);
});

it('[sqlite.read-follow] hears of what another process appends', async () => {
  const directory = freshDirectory();
  const owner = await startOwner(directory, 'a');
  const { storage } = await open(directory);
  const reader = tail(storage.log(eventLogDefinition), { afterSeq: 0 });
  expect((await reader.next()).value).toMatchObject({ id: 'a' });
  const next = reader.next();
  owner.send('b');
  expect((await next).value).toMatchObject({ id: 'b' });
  await reader.return();
});

it('[sqlite.read-untouched] changes nothing in a directory without an owner', async () => {
  const owned = freshDirectory();
  const owner = await open(owned, false);
  await owner.eventLog.appendBatch([event('a')]);
  await owner.close();
  const directory = databaseAlone(owned);
  const file = join(directory, 'mobkit.sqlite3');
  const before = statSync(file, { bigint: true });
  const reader = await open(directory);
  expect(await idsIn(reader)).toEqual(['a']);
  expect(readdirSync(directory)).toEqual(['mobkit.sqlite3']);
  await reader.close();
  expect(readdirSync(directory)).toEqual(['mobkit.sqlite3']);
  expect(statSync(file, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
});

it('[sqlite.read-owner-returns] sees what an owner that came later wrote', async () => {
  const owned = freshDirectory();
  await (await open(owned, false)).close();
  const directory = databaseAlone(owned);
  const reader = await open(directory);
  expect(await idsIn(reader)).toEqual([]);
  for (const id of ['a', 'b']) {
    const owner = await open(directory, false);
    await owner.eventLog.appendBatch([event(id)]);
    expect(await idsIn(reader)).toContain(id);
    await owner.close();
    expect(await idsIn(reader)).toContain(id);
  }
});

it('[sqlite.read-refuses-writes] refuses every write', async () => {
  const directory = freshDirectory();
  await (await open(directory, false)).close();
  const { eventLog, metadata, storage } = await open(directory);
  const refused = { code: 'MOB_STORE_REFUSED', message: expect.stringContaining(directory) };
  await expect(eventLog.appendBatch([event('a')])).rejects.toMatchObject(refused);
  await expect(metadata.setSubscriptionCursor('mob', 1)).rejects.toMatchObject(refused);
  await expect(storage.log(eventLogDefinition).prune({ keep: 0 })).rejects.toMatchObject(refused);
  await expect(storage.prepare([{ kind: 'log', name: 'unheard_of', fields: {} }])).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringContaining('unheard_of'),
  });
});

it('[sqlite.read-nothing] says that there is no database, and makes none', async () => {
  const directory = freshDirectory();
  const missing = {
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringContaining(directory),
    details: { directory },
  };
  await expect(openSqliteStores({ directory, readOnly: true })).rejects.toMatchObject(missing);
  expect(existsSync(directory)).toBe(false);
  mkdirSync(directory);
  await expect(openSqliteStores({ directory, readOnly: true })).rejects.toMatchObject(missing);
  expect(readdirSync(directory)).toEqual([]);
});

it('closes while it is followed', async () => {
  const directory = freshDirectory();
  await (await open(directory, false)).close();
  const reader = await open(directory);
  const waiting = tail(reader.storage.log(eventLogDefinition), { afterSeq: 0 }).next();
  await reader.close();
  await expect(waiting).rejects.toThrow(TypeError);
});

it('[sqlite.read-failing] says once that it cannot look for appends any more, and wakes whoever waits', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const directory = freshDirectory();
  const owner = await open(directory, false);
  await owner.eventLog.appendBatch([event('a')]);
  await owner.close();
  const told: MobError[] = [];
  const reader = await openSqliteStores({ directory, readOnly: true, onError: (error) => told.push(error) });
  onTestFinished(() => reader.close());
  let woken = 0;
  reader.eventLog.onAppend?.(() => (woken += 1));
  rmSync(directory, { recursive: true });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toMatchObject([{ message: expect.stringContaining(directory) }]);
  expect(woken).toBe(1);
  expect(() => reader.eventLog.onAppend?.(() => {})).not.toThrow();
});
