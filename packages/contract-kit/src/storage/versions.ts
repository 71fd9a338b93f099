import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { testRecords } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const versionsChapter: Chapter<StorageStore> = { name: 'versions', tests };

function tests({ store }: Given<StorageStore>): void {
  const records = () => store().storage.records(testRecords);

  it('deletes over nothing when that is expected', async () => {
    expect(await records().delete('a', { expectedVersion: 0 })).toBe(false);
    await records().put('a', { data: '0' });
    await expect(records().delete('a', { expectedVersion: 0 })).rejects.toMatchObject(conflict);
    expect(await records().get('a')).toBeDefined();
  });

  it('[store.expected-version] writes only over the version expected, 0 meaning over nothing', async () => {
    const first = await records().put('a', { data: '1' }, { expectedVersion: 0 });
    await expect(records().put('a', { data: '2' }, { expectedVersion: 0 })).rejects.toMatchObject(conflict);
    const second = await records().put('a', { data: '2' }, { expectedVersion: first });
    await expect(records().put('a', { data: '3' }, { expectedVersion: first })).rejects.toMatchObject(
      conflict,
    );
    await expect(records().delete('a', { expectedVersion: first })).rejects.toMatchObject(conflict);
    expect(await records().delete('a', { expectedVersion: second })).toBe(true);
    expect(await records().delete('a')).toBe(false);
  });

  it('[store.versions] never gives a key the same version twice, even deleted', async () => {
    const before = await records().put('a', { data: '1' });
    await records().delete('a');
    expect(await records().put('a', { data: '1' })).toBeGreaterThan(before);
  });

  it('lets one of two concurrent writers win', async () => {
    const version = await records().put('a', { data: '0' });
    const writes = ['1', '2'].map((data) => records().put('a', { data }, { expectedVersion: version }));
    const settled = await Promise.allSettled(writes);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
}

const conflict = { code: 'MOB_CONFLICT', retryable: false };
