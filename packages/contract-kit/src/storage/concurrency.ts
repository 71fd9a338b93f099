import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { expectNoLoss } from '../concurrent-appenders.js';
import { entry, testLog } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const concurrencyChapter: Chapter<StorageStore> = { name: 'concurrency', tests };

function tests({ store }: Given<StorageStore>): void {
  const storage = () => store().storage;

  it('[store.concurrent] loses, doubles and reorders nothing under concurrent appenders', async () => {
    const log = () => storage().log(testLog);
    await expectNoLoss([log(), log(), log(), log()]);
  });

  it('numbers each partition on its own while all are appended to', async () => {
    const partitions = ['a', 'b', 'c', 'd'];
    await Promise.all(
      partitions.flatMap((partition) =>
        [0, 1, 2, 3].map((n) =>
          storage()
            .log(testLog, partition)
            .append([entry(`${n}`), entry(`${n}+`)]),
        ),
      ),
    );
    for (const partition of partitions) {
      const { entries } = await storage().log(testLog, partition).read({ afterSeq: 0 });
      expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      for (const n of [0, 1, 2, 3]) {
        const first = entries.findIndex(({ id }) => id === `${n}`);
        expect(entries[first + 1]?.id).toBe(`${n}+`);
      }
    }
  });
}
