import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog } from '../makers.js';
import { seen } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const expectationsChapter: Chapter<StorageStore> = { name: 'expectations', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);

  it('[store.expected-seq] appends only onto the last seq expected', async () => {
    await log().append([entry('a')], { expectedLastSeq: 0 });
    const late = log().append([entry('b')], { expectedLastSeq: 0 });
    await expect(late).rejects.toMatchObject({ code: 'MOB_CONFLICT', retryable: false });
    expect(await seen(log())).toEqual(['1 a']);
  });

  it('[store.first-seq] begins an empty partition where it is told, and only an empty one', async () => {
    const moved = [entry('a'), entry('b')];
    expect(await log().append(moved, { firstSeq: 41 })).toEqual({ stored: 2, duplicates: [], lastSeq: 42 });
    expect(await log().bounds()).toEqual({ firstSeq: 41, lastSeq: 42 });
    expect(await log().append(moved, { firstSeq: 41 })).toMatchObject({ stored: 0, lastSeq: 42 });
    const late = log().append([entry('c')], { firstSeq: 50 });
    await expect(late).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    await log().prune({ keep: 0 });
    await expect(log().append([entry('d')], { firstSeq: 1 })).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    await expect(log('x').append([entry('a')], { firstSeq: 0 })).rejects.toThrow(TypeError);
    const none = { firstSeq: 41, expectedLastSeq: 0 };
    expect(await log('y').append(moved, none)).toMatchObject({ lastSeq: 42 });
    const other = log('z').append(moved, { firstSeq: 41, expectedLastSeq: 40 });
    await expect(other).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
  });

  it('leaves nothing of a batch, whichever of its entries is wrong', async () => {
    await log().append([entry('kept')]);
    const given = ['a', 'b', 'c'].map((id) => entry(id));
    for (const at of given.keys()) {
      const broken = given.with(at, entry('b\0'));
      await expect(log().append(broken)).rejects.toThrow(TypeError);
    }
    await expect(log().append(given, { expectedLastSeq: 2 })).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    expect(await seen(log())).toEqual(['1 kept']);
  });
}
