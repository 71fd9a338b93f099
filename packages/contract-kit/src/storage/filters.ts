import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog, testRecords } from '../makers.js';
import { ids } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const filtersChapter: Chapter<StorageStore> = { name: 'filters', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);
  const records = () => store().storage.records(testRecords);

  it('filters on fields, any of several values, and on time', async () => {
    await log().append([
      entry('a', { fields: { color: 'red', size: 1 }, timestampMs: 10 }),
      entry('b', { fields: { color: 'blue', size: 1 }, timestampMs: 20 }),
      entry('c', { fields: { color: 'green' }, timestampMs: 30 }),
    ]);
    expect(await ids(log(), { where: { color: ['red', 'green'] } })).toEqual(['a', 'c']);
    expect(await ids(log(), { where: { color: 'blue', size: 1 } })).toEqual(['b']);
    expect(await ids(log(), { where: { color: [] } })).toEqual([]);
    expect(await ids(log(), { where: { color: undefined, size: [1, 1] } })).toEqual(['a', 'b']);
    expect(await ids(log(), { sinceMs: 20, untilMs: 30 })).toEqual(['b']);
    await expect(ids(log(), { where: { weight: 1 } })).rejects.toThrow(TypeError);
  });

  it('[store.filters] holds every condition at once, from either end, a page at a time', async () => {
    // Sixteen entries: size 0, 1, 0, 1 …; red, red, blue, blue, red …; a time that goes back once.
    const given = Array.from({ length: 16 }, (_, n) =>
      entry(`${n + 1}`, {
        fields: { size: n % 2, color: n % 4 < 2 ? 'red' : 'blue' },
        timestampMs: n === 9 ? 5 : n * 10,
      }),
    );
    await log().append(given);
    const where = { size: 1, color: ['red', 'green'] };
    const within = { sinceMs: 10, untilMs: 130, where };
    expect(await ids(log(), { where })).toEqual(['2', '6', '10', '14']);
    expect(await ids(log(), { ...within, afterSeq: 2 })).toEqual(['6']);
    expect(await ids(log(), { ...within, afterSeq: 1 })).toEqual(['2', '6']);
    expect(await log().read({ where, afterSeq: 1, limit: 2 })).toMatchObject({
      entries: [{ id: '2' }, { id: '6' }],
      scannedTo: 6,
      more: true,
    });
    expect(await log().read({ where, beforeSeq: 14, limit: 2 })).toMatchObject({
      entries: [{ id: '6' }, { id: '10' }],
      more: true,
    });
    expect(await log().read({ where, afterSeq: 6, beforeSeq: 14 })).toMatchObject({
      entries: [{ id: '10' }],
      scannedTo: 13,
      more: false,
    });
  });

  it('lists records with any of several values, and none without one', async () => {
    await records().put('a', { fields: { color: 'red' }, data: '0' });
    await records().put('b', { fields: { color: 'blue' }, data: '0' });
    await records().put('c', { data: '0' });
    const list = async (color: string | readonly string[] | undefined) =>
      (await records().list({ where: { color } })).records.map(({ key }) => key);
    expect(await list(['blue', 'red', 'green'])).toEqual(['a', 'b']);
    expect(await list('blue')).toEqual(['b']);
    expect(await list([])).toEqual([]);
    expect(await list(undefined)).toEqual(['a', 'b', 'c']);
    expect(await records().list({ limit: 0 })).toEqual({ records: [], more: true });
  });
}
