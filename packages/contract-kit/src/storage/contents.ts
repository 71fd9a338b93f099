import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog, testRecords } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const contentsChapter: Chapter<StorageStore> = { name: 'contents', tests };

function tests({ store }: Given<StorageStore>): void {
  const storage = () => store().storage;

  it('[store.contents] says what it holds, prepared here or not', async () => {
    const empty = { ...testLog, name: 'test_empty' };
    await storage().prepare([empty]);
    for (const partition of ['b', 'a'])
      await storage()
        .log(testLog, partition)
        .append([entry('a')]);
    await storage().log(testLog, 'none').append([]);
    const { logs, records } = await storage().contents();
    const own = logs.filter(({ definition }) => definition.name.startsWith('test_'));
    expect(own).toEqual([
      { definition: empty, partitions: [] },
      { definition: testLog, partitions: ['a', 'b'] },
    ]);
    expect(records).toContainEqual(testRecords);
    expect(records.map(({ name }) => name)).toEqual(records.map(({ name }) => name).toSorted());
  });
}
