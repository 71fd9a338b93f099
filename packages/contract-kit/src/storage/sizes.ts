import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog, testRecords } from '../makers.js';
import { ids } from './read-log.js';
import type { StorageStore } from './storage-store.js';

/** A slow machine, and a store that syncs each batch. */
const TIMEOUT_MS = 30_000;

export const sizesChapter: Chapter<StorageStore> = { name: 'sizes', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);
  const records = () => store().storage.records(testRecords);

  it('[store.large-data] keeps a mebibyte of text in one entry and in one record', async () => {
    // Of characters of one, two, three and four bytes, and different all along.
    const data = JSON.stringify(Array.from({ length: 75_000 }, (_, n) => `${n} aé€😀`)).slice(0, 2 ** 20);
    await log().append([entry('before'), entry('large', { data }), entry('after')]);
    const { entries } = await log().read({ afterSeq: 1, limit: 1 });
    // Not `toEqual`: a difference would be printed.
    expect(entries[0]?.data === data).toBe(true);
    await records().put('large', { data });
    expect((await records().get('large'))?.data === data).toBe(true);
  });

  it(
    '[store.large-batch] takes ten thousand entries at once, and again',
    async () => {
      const many = Array.from({ length: 10_000 }, (_, n) => entry(`${n}`, { fields: { size: n } }));
      expect(await log().append(many)).toEqual({ stored: 10_000, duplicates: [], lastSeq: 10_000 });
      expect(await log().append(many)).toMatchObject({
        stored: 0,
        duplicates: { length: 10_000 },
        lastSeq: 10_000,
      });
      const { entries, more } = await log().read({ afterSeq: 0, limit: 10_000 });
      expect(more).toBe(false);
      expect(entries.every(({ seq, id }, at) => seq === at + 1 && id === `${at}`)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    '[store.large-filter] filters on ten thousand values',
    async () => {
      await log().append(['a', 'b', 'c'].map((id, size) => entry(id, { fields: { size, color: id } })));
      const sizes = Array.from({ length: 10_000 }, (_, n) => n + 1);
      expect(await ids(log(), { where: { size: sizes } })).toEqual(['b', 'c']);
      const colors = [...sizes.map((n) => `color ${n}`), 'c', 'a'];
      expect(await ids(log(), { where: { color: colors }, afterSeq: 1 })).toEqual(['c']);
      await records().put('a', { fields: { color: 'a' }, data: '0' });
      expect(await records().list({ where: { color: colors } })).toMatchObject({ records: [{ key: 'a' }] });
    },
    TIMEOUT_MS,
  );
}
