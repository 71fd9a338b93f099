import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog } from '../makers.js';
import { seen } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const repeatsChapter: Chapter<StorageStore> = { name: 'repeats', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);

  it('[store.duplicates] names duplicates, in the batch too, and leaves no hole for them', async () => {
    await log().append([entry('a')]);
    const appended = await log().append([entry('b'), entry('a'), entry('b'), entry('c')]);
    expect(appended).toEqual({ stored: 2, duplicates: ['a', 'b'], lastSeq: 3 });
    expect(await seen(log())).toEqual(['1 a', '2 b', '3 c']);
  });

  it('[store.repeat] lets a repeated append succeed whatever it expects', async () => {
    await log().append([entry('a')], { expectedLastSeq: 0 });
    const again = await log().append([entry('a')], { expectedLastSeq: 0 });
    expect(again).toEqual({ stored: 0, duplicates: ['a'], lastSeq: 1 });
  });

  it('[store.half-acknowledged] completes a batch of which a part is kept by others, in the order given', async () => {
    const batch = ['a', 'b', 'c', 'd', 'e'].map((id) => entry(id));
    await log().append([batch[3]!, batch[1]!]);
    const completed = { stored: 3, duplicates: ['b', 'd'], lastSeq: 5 };
    expect(await log().append(batch, { expectedLastSeq: 2 })).toEqual(completed);
    expect(await seen(log())).toEqual(['1 d', '2 b', '3 a', '4 c', '5 e']);
    // The answer was lost: the caller says it all again, as it was and in pieces.
    const again = { stored: 0, duplicates: ['a', 'b', 'c', 'd', 'e'], lastSeq: 5 };
    expect(await log().append(batch, { expectedLastSeq: 2 })).toEqual(again);
    expect(await log().append(batch.slice(0, 2))).toEqual({ stored: 0, duplicates: ['a', 'b'], lastSeq: 5 });
    expect(await log().append([entry('f')])).toMatchObject({ stored: 1, lastSeq: 6 });
  });

  it('stores a batch once that is sent several times at once', async () => {
    const batch = Array.from({ length: 40 }, (_, n) => entry(`${n}`));
    const answers = await Promise.all(
      [batch, batch, batch.slice(0, 20), batch].map((one) => log().append(one)),
    );
    expect(answers.reduce((sum, { stored }) => sum + stored, 0)).toBe(40);
    expect(await seen(log())).toEqual(batch.map(({ id }, at) => `${at + 1} ${id}`));
  });
}
