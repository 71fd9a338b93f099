import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openSqliteStores } from '@mobkit/store-sqlite';
import { expect, it, onTestFinished } from 'vitest';

import { event } from './event.js';
import { asOrdinaryUser } from './ordinary-user.js';
import { crash } from '../../../test-e2e/support/typescript-process.js';
import { startOwner } from './owner-process.js';
import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();

async function open(directory: string) {
  const stores = await openSqliteStores({ directory });
  onTestFinished(() => stores.close());
  return stores;
}

it('[sqlite.private] keeps everything from other users', async () => {
  const directory = freshDirectory();
  const mask = process.umask(0);
  onTestFinished(() => void process.umask(mask));
  const { eventLog } = await open(directory);
  await eventLog.appendBatch([event('a')]);
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect(modeOf(directory)).toBe('700');
  expect(
    Object.fromEntries(readdirSync(directory).map((file) => [file, modeOf(join(directory, file))])),
  ).toEqual({
    'mobkit.sqlite3': '600',
    'mobkit.sqlite3-shm': '600',
    'mobkit.sqlite3-wal': '600',
    'owner.lock.sqlite3': '600',
  });
});

it('[sqlite.one-owner] refuses a second owner at once, naming the directory', async () => {
  const directory = freshDirectory();
  const first = await open(directory);
  const beganMs = performance.now();
  for (const again of [1, 2]) {
    await expect(openSqliteStores({ directory }), `attempt ${again}`).rejects.toMatchObject({
      code: 'MOB_STORE_LOCKED',
      retryable: false,
      message: expect.stringContaining(directory),
      details: { directory },
    });
  }
  // Whoever waits for a lock of SQLite's does so for five seconds, unless told otherwise; each of them.
  expect(performance.now() - beganMs).toBeLessThan(5_000);
  // The first one's locks have survived the attempts.
  await first.eventLog.appendBatch([event('a')]);
  await first.close();
  expect((await (await open(directory)).eventLog.query({})).events).toMatchObject([{ id: 'a' }]);
});

it('[sqlite.crash] admits the next owner at once after SIGKILL, with all that was appended', async () => {
  const directory = freshDirectory();
  const child = await startOwner(directory, 'a', 'b');
  await expect(openSqliteStores({ directory })).rejects.toMatchObject({ code: 'MOB_STORE_LOCKED' });
  await crash(child);
  const { eventLog } = await open(directory);
  expect(await eventLog.appendBatch([event('b'), event('c')])).toEqual({
    stored: 1,
    duplicates: ['b'],
    lastSeq: 3,
  });
});

it('[sqlite.bad-directory] names a directory that is none', async () => {
  const file = freshDirectory();
  writeFileSync(file, '');
  for (const directory of [file, join(file, 'below')]) {
    await expect(openSqliteStores({ directory })).rejects.toMatchObject({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringContaining(`"${directory}" is not a directory`),
      details: { directory },
    });
  }
  await expect(openSqliteStores({ directory: '/tmp/\0' })).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringContaining('NUL'),
  });
});

it('[sqlite.unwritable] names a directory, or a file in it, that may not be written', async () => {
  const directory = freshDirectory();
  mkdirSync(directory, { mode: 0o755 });
  chmodSync(directory, 0o555);
  chmodSync(join(directory, '..'), 0o755);
  const refused = { code: 'MOB_CONFIG_INVALID', details: { directory } };
  await asOrdinaryUser(async () => {
    await expect(openSqliteStores({ directory })).rejects.toMatchObject(refused);
    await expect(openSqliteStores({ directory: join(directory, 'state') })).rejects.toThrow('not writable');
  });
  expect(readdirSync(directory)).toEqual([]);
  chmodSync(directory, 0o755);
  await (await openSqliteStores({ directory })).close();
  chmodSync(join(directory, 'mobkit.sqlite3'), 0o444);
  chmodSync(join(directory, 'owner.lock.sqlite3'), 0o666);
  await asOrdinaryUser(() => expect(openSqliteStores({ directory })).rejects.toMatchObject(refused));
});

it('opens a directory whose name means something in a URL', async () => {
  const directory = join(freshDirectory(), 'a?mode=memory#b%20c');
  await (await open(directory)).eventLog.appendBatch([event('a')]);
  expect(readdirSync(directory)).toContain('mobkit.sqlite3');
});
