import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { testRecords } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const recordsChapter: Chapter<StorageStore> = { name: 'records', tests };

function tests({ store }: Given<StorageStore>): void {
  const records = () => store().storage.records(testRecords);

  it('[store.replace] replaces a record whole', async () => {
    await records().put('a', { fields: { color: 'red' }, data: '1', dueAtMs: 5 });
    const version = await records().put('a', { data: '2' });
    expect(await records().get('a')).toEqual({ key: 'a', version, fields: {}, data: '2' });
  });

  it('[store.replace-newer] clears the fields of a newer definition when an older one replaces a record', async () => {
    const newer = { ...testRecords, fields: { ...testRecords.fields, weight: 'integer' } } as const;
    await store().storage.prepare([newer]);
    const all = () => store().storage.records(newer);
    for (const expected of [undefined, 'same'] as const) {
      const first = await all().put('a', { fields: { color: 'red', weight: 3 }, data: '1' });
      const version = await records().put('a', { data: '2' }, expected && { expectedVersion: first });
      expect(await all().get('a')).toEqual({ key: 'a', version, fields: {}, data: '2' });
    }
    await all().put('a', { fields: { weight: 3 }, data: '1' });
    const puts = ['a', 'b'].map((key) => ({ records: testRecords, key, record: { data: '3' } }));
    const { versions } = await store().storage.commit({ puts });
    const listed = await all().list({});
    expect(listed.records).toEqual(
      puts.map(({ key }, at) => ({ key, version: versions[at], fields: {}, data: '3' })),
    );
    expect((await all().list({ where: { weight: 3 } })).records).toEqual([]);
    await expect(records().put('a', { data: '3' }, { expectedVersion: 1 })).rejects.toMatchObject({
      code: 'MOB_CONFLICT',
    });
  });

  it('[store.key-order] lists by key in code point order, a page at a time, filtered', async () => {
    for (const key of ['b', 'Z', '\u{1F600}', '\uFFFD', 'a']) {
      await records().put(key, { fields: { color: key === 'b' ? 'blue' : 'red' }, data: '0' });
    }
    const list = async (afterKey?: string) => {
      const query = { where: { color: 'red' }, limit: 2, ...(afterKey !== undefined && { afterKey }) };
      const page = await records().list(query);
      return { keys: page.records.map(({ key }) => key), more: page.more };
    };
    expect(await list()).toEqual({ keys: ['Z', 'a'], more: true });
    expect(await list('a')).toEqual({ keys: ['\uFFFD', '\u{1F600}'], more: false });
  });

  it('gets and deletes by the whole key, and lists in one definition alone', async () => {
    await records().put('a', { data: '1' });
    expect(await records().get('A')).toBeUndefined();
    expect(await records().get('b')).toBeUndefined();
    expect(await records().delete('b')).toBe(false);
    expect(await records().delete('a')).toBe(true);
    expect(await records().get('a')).toBeUndefined();
    const other = { ...testRecords, name: 'test_others' };
    await store().storage.prepare([other]);
    await records().put('a', { data: '1' });
    expect(await store().storage.records(other).list({})).toEqual({ records: [], more: false });
  });
}
