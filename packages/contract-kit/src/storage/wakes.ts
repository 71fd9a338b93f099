import { tail } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const wakesChapter: Chapter<StorageStore> = { name: 'wakes', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);

  it('[store.wakes] wakes a tailing reader that has caught up', async () => {
    const reader = tail(log(), { afterSeq: 0 });
    const next = reader.next();
    await log().append([entry('a')]);
    expect((await next).value).toMatchObject({ seq: 1, id: 'a' });
    await reader.return();
  });

  it('wakes every reader of a partition, and again after the next append', async () => {
    const readers = Array.from({ length: 3 }, () => tail(log('p'), { afterSeq: 0 }));
    for (const id of ['a', 'b', 'c']) {
      const next = readers.map((reader) => reader.next());
      await log('p').append([entry(id)]);
      expect((await Promise.all(next)).map(({ value }) => value?.id)).toEqual([id, id, id]);
    }
    await Promise.all(readers.map((reader) => reader.return()));
  });

  it('[store.wakes-commit] wakes by a commit too, and not what was unsubscribed', async () => {
    const reader = tail(log('p'), { afterSeq: 0 });
    const next = reader.next();
    let wakes = 0;
    const unsubscribe = log('p').onAppend(() => (wakes += 1));
    unsubscribe();
    unsubscribe();
    await store().storage.commit({ appends: [{ log: testLog, partition: 'p', entries: [entry('a')] }] });
    expect((await next).value).toMatchObject({ id: 'a' });
    await reader.return();
    expect(wakes).toBe(0);
  });
}
