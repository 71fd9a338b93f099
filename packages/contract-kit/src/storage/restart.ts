import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessReopened } from '../chapter.js';
import { awkwardJson, entry, testLog, testRecords } from '../makers.js';
import { ids } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const restartChapter: Chapter<StorageStore> = { name: 'restart', notFor: unlessReopened, tests };

function tests({ store, restart }: Given<StorageStore>): void {
  const storage = () => store().storage;

  it('[store.reopen] goes on where it was after closing', async () => {
    await storage()
      .log(testLog)
      .append([entry('a', { data: awkwardJson }), entry('b')]);
    await storage().log(testLog).prune({ seq: 2 });
    const version = await storage().records(testRecords).put('a', { data: '1' });
    await storage().records(testRecords).delete('a');
    const { storage: reopened } = await restart();
    const log = reopened.log(testLog);
    expect(await log.bounds()).toEqual({ firstSeq: 2, lastSeq: 2 });
    expect(await log.append([entry('b'), entry('c')])).toEqual({
      stored: 1,
      duplicates: ['b'],
      lastSeq: 3,
    });
    expect(await reopened.records(testRecords).put('a', { data: '1' })).toBeGreaterThan(version);
  });

  it('[store.resume] goes on from every cursor that was saved before a restart', async () => {
    const given = Array.from({ length: 40 }, (_, n) =>
      entry(`${n + 1}`, { fields: { color: n % 3 ? 'red' : 'blue' }, timestampMs: 100 - n }),
    );
    for (let at = 0; at < given.length; at += 7) {
      await storage()
        .log(testLog)
        .append(given.slice(at, at + 7));
    }
    const log = (await restart()).storage.log(testLog);
    for (let cursor = 0; cursor <= given.length; cursor++) {
      const rest = given.slice(cursor);
      expect(await ids(log, { afterSeq: cursor })).toEqual(rest.map(({ id }) => id));
      const red = rest.filter(({ fields }) => fields?.['color'] === 'red').map(({ id }) => id);
      expect(await ids(log, { afterSeq: cursor, where: { color: 'red' } })).toEqual(red);
    }
    expect(await log.append(given.slice(30))).toMatchObject({ stored: 0, lastSeq: 40 });
    expect(await log.append([entry('next')])).toMatchObject({ stored: 1, lastSeq: 41 });
  });

  it('still knows leases, due times and partitions after a restart', async () => {
    await storage()
      .log(testLog, 'p')
      .append([entry('a')]);
    await storage().records(testRecords).put('claimed', { data: '0', dueAtMs: 1 });
    await storage().records(testRecords).put('due', { data: '0', dueAtMs: 2 });
    await storage().records(testRecords).claimDue({ owner: 'one', leaseMs: 3_600_000, limit: 1 });
    const { storage: reopened } = await restart();
    const next = await reopened.records(testRecords).claimDue({ owner: 'two', leaseMs: 60_000, limit: 9 });
    expect(next.records.map(({ key }) => key)).toEqual(['due']);
    expect(await reopened.records(testRecords).get('claimed')).toMatchObject({ lease: { owner: 'one' } });
    expect(await reopened.log(testLog, 'p').bounds()).toEqual({ firstSeq: 1, lastSeq: 1 });
  });
}
