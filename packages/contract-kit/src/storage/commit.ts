import type { StorageWrite } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog, testRecords } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const commitChapter: Chapter<StorageStore> = { name: 'commit', tests };

function tests({ store }: Given<StorageStore>): void {
  const storage = () => store().storage;
  const records = () => storage().records(testRecords);

  it('commits puts, deletes and appends together', async () => {
    await storage().records(testRecords).put('old', { data: '0' });
    const written = await storage().commit({
      puts: [{ records: testRecords, key: 'new', record: { data: '1' }, expectedVersion: 0 }],
      deletes: [{ records: testRecords, key: 'old' }],
      appends: [
        { log: testLog, partition: 'two', entries: [entry('a')] },
        { log: testLog, partition: 'one', entries: [entry('a'), entry('b')] },
      ],
    });
    expect(written.deleted).toEqual([true]);
    expect(written.appended.map(({ lastSeq }) => lastSeq)).toEqual([1, 2]);
    expect(await storage().records(testRecords).get('new')).toMatchObject({ version: written.versions[0] });
    expect(await storage().records(testRecords).get('old')).toBeUndefined();
  });

  it('[store.atomic] commits nothing when one expectation fails', async () => {
    const commit = storage().commit({
      puts: [{ records: testRecords, key: 'a', record: { data: '1' } }],
      appends: [
        { log: testLog, partition: 'one', entries: [entry('a')] },
        { log: testLog, partition: 'two', entries: [entry('a')], expectedLastSeq: 7 },
      ],
    });
    await expect(commit).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    expect(await storage().records(testRecords).get('a')).toBeUndefined();
    expect(await storage().log(testLog, 'one').bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });

  it('[store.atomic-anywhere] leaves nothing behind, whichever expectation fails', async () => {
    const version = await records().put('kept', { data: '0' });
    const wholly = (failing: number): StorageWrite => ({
      puts: ['a', 'b'].map((key, at) => ({
        records: testRecords,
        key,
        record: { data: '1' },
        expectedVersion: failing === at ? version + 9 : 0,
      })),
      deletes: [
        { records: testRecords, key: 'kept', expectedVersion: failing === 2 ? version + 9 : version },
      ],
      appends: ['one', 'two', 'three'].map((partition, at) => ({
        log: testLog,
        partition,
        entries: [entry('a'), entry('b')],
        expectedLastSeq: failing === at + 3 ? 7 : 0,
      })),
    });
    for (let failing = 0; failing < 6; failing++) {
      const failed = storage().commit(wholly(failing));
      await expect(failed).rejects.toMatchObject({ code: 'MOB_CONFLICT', retryable: false });
      expect((await records().list({})).records.map(({ key }) => key)).toEqual(['kept']);
      for (const partition of ['one', 'two', 'three']) {
        expect(await storage().log(testLog, partition).bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
      }
    }
    await storage().commit(wholly(6));
    expect((await records().list({})).records.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('lets commits of the same records and partitions run at once, each whole', async () => {
    const steps = Array.from({ length: 20 }, (_, n) => n);
    const forth = ['one', 'two'];
    const commits = steps.map((n) =>
      storage().commit({
        puts: (n % 2 ? ['a', 'b'] : ['b', 'a']).map((key) => ({
          records: testRecords,
          key,
          record: { data: `${n}` },
        })),
        appends: (n % 2 ? forth : forth.toReversed()).map((partition) => ({
          log: testLog,
          partition,
          entries: [entry(`${n}`)],
        })),
      }),
    );
    await Promise.all(commits);
    expect((await records().get('a'))?.data).toBe((await records().get('b'))?.data);
    for (const partition of forth) {
      const { entries } = await storage().log(testLog, partition).read({ afterSeq: 0 });
      expect(entries.map(({ id }) => Number(id)).toSorted((one, other) => one - other)).toEqual(steps);
    }
  });
}
