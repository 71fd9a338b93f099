import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { deadLettersOver } from '@mobkit/core';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { expect, it, onTestFinished } from 'vitest';

import { event } from './event.js';
import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();
const released = fileURLToPath(new URL('released', import.meta.url));
const files = readdirSync(released).filter((file) => file.endsWith('.sqlite3'));

const notes = { kind: 'log', name: 'notes', fields: { color: 'text', size: 'integer' } } as const;
const boxes = { kind: 'records', name: 'boxes', fields: { color: 'text' } } as const;

/** A state directory as a release left it. */
async function openReleased(file: string) {
  const directory = freshDirectory();
  mkdirSync(directory);
  copyFileSync(join(released, file), join(directory, 'mobkit.sqlite3'));
  const stores = await openSqliteStores({ directory });
  onTestFinished(() => stores.close());
  return stores;
}

it.for(files)('[sqlite.released] reads all that %s holds', async (file) => {
  const { storage, eventLog, metadata } = await openReleased(file);
  expect(await storage.contents()).toMatchObject({
    logs: expect.arrayContaining([{ definition: notes, partitions: ['moved', 'pruned'] }]),
    records: expect.arrayContaining([boxes]),
  });
  await storage.prepare([notes, boxes]);

  const ofType = await eventLog.query({ eventTypes: ['said'], memberId: 'worker-1', sinceMs: 2_000 });
  expect(ofType).toMatchObject({ firstSeq: 1, lastSeq: 3, events: [{ id: 'b' }, { id: 'c' }] });
  expect(ofType.events[0]?.event).toMatchObject({ payload: { n: 1, text: '\u0000\ud800' } });
  expect(await metadata.subscriptionCursor('mob')).toBe(2);
  expect((await (await deadLettersOver(storage)).list()).letters).toMatchObject([{ key: 'k', error: 'no' }]);

  const red = { afterSeq: 300, sinceMs: 400, where: { color: 'red' }, limit: 2 };
  expect(await storage.log(notes, 'pruned').read(red)).toMatchObject({
    firstSeq: 101,
    lastSeq: 600,
    entries: [
      { id: 'n401', seq: 401, fields: { color: 'red', size: 400 }, data: '400' },
      { id: 'n403', seq: 403 },
    ],
  });
  expect(await storage.log(notes, 'moved').bounds()).toEqual({ firstSeq: 500, lastSeq: 500 });
  expect((await storage.records(boxes).list({ where: { color: 'red' } })).records).toMatchObject([
    { key: 'due', data: '1', dueAtMs: 10 },
  ]);
});

it.for(files)('[sqlite.released] goes on where %s ended', async (file) => {
  const { storage, eventLog, metadata } = await openReleased(file);
  await storage.prepare([notes, boxes]);
  expect(await eventLog.appendBatch([event('c'), event('d')])).toEqual({
    stored: 1,
    duplicates: ['c'],
    lastSeq: 4,
  });
  await metadata.setSubscriptionCursor('mob', 4);

  const pruned = storage.log(notes, 'pruned');
  expect(await pruned.append([{ id: 'n1', timestampMs: 0, data: '"again"' }])).toMatchObject({
    lastSeq: 601,
  });
  expect(await pruned.prune({ seq: 590 })).toBe(489);
  expect(await pruned.bounds()).toEqual({ firstSeq: 590, lastSeq: 601 });

  const records = storage.records(boxes);
  const leased = await records.get('leased');
  expect(leased?.lease).toMatchObject({ owner: 'first' });
  const { records: claimed } = await records.claimDue({ owner: 'second', leaseMs: 1_000, limit: 5 });
  expect(claimed.map(({ key }) => key)).toEqual(['leased', 'due']);
  for (const { version } of claimed) expect(version).toBeGreaterThan(leased?.version ?? Infinity);
});
