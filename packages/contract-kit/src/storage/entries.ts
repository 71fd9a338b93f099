import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog } from '../makers.js';
import { seen } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const entriesChapter: Chapter<StorageStore> = { name: 'entries', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);

  it('[store.dense] numbers entries densely from 1, in the order given', async () => {
    await log().append([entry('a'), entry('b')]);
    expect(await log().append([entry('c')])).toEqual({ stored: 1, duplicates: [], lastSeq: 3 });
    expect(await seen(log())).toEqual(['1 a', '2 b', '3 c']);
  });

  it('takes a thousand entries at once, and none', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => entry(`${n}`, { data: JSON.stringify({ n }) }));
    expect(await log().append(many)).toEqual({ stored: 1_000, duplicates: [], lastSeq: 1_000 });
    expect(await log().append([])).toEqual({ stored: 0, duplicates: [], lastSeq: 1_000 });
    expect(await log().append(many)).toMatchObject({ stored: 0, lastSeq: 1_000 });
    const { entries } = await log().read({ afterSeq: 0, limit: 1_000 });
    expect(entries.map(({ id, data }) => ({ id, data }))).toEqual(many.map(({ id, data }) => ({ id, data })));
  });

  it('has held nothing after an append of nothing', async () => {
    expect(await log().append([])).toEqual({ stored: 0, duplicates: [], lastSeq: 0 });
    expect(await log().append([], { firstSeq: 41 })).toEqual({ stored: 0, duplicates: [], lastSeq: 0 });
    expect(await log().append([entry('a')], { firstSeq: 7 })).toMatchObject({ lastSeq: 7 });
  });

  it('keeps partitions apart', async () => {
    await log('one').append([entry('a'), entry('b')]);
    await log('two').append([entry('a')]);
    expect(await seen(log('two'))).toEqual(['1 a']);
    expect(await log().bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });
}
