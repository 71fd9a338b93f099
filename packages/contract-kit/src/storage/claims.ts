import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { claimAll } from '../claim-all.js';
import { testRecords } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const claimsChapter: Chapter<StorageStore> = { name: 'claims', tests };

function tests({ store }: Given<StorageStore>): void {
  const records = () => store().storage.records(testRecords);

  it('[store.claim] hands out due records, the longest due first, each to one claimer', async () => {
    await records().put('late', { data: '0', dueAtMs: 2 });
    await records().put('later', { data: '0', dueAtMs: 3 });
    await records().put('latest', { data: '0', dueAtMs: 1 });
    await records().put('not yet', { data: '0', dueAtMs: Date.now() + 60_000 });
    await records().put('never', { data: '0' });
    const { records: first } = await records().claimDue({ owner: 'one', leaseMs: 60_000, limit: 2 });
    const { records: second } = await records().claimDue({ owner: 'two', leaseMs: 60_000, limit: 9 });
    expect(first.map(({ key, lease }) => [key, lease?.owner])).toEqual([
      ['latest', 'one'],
      ['late', 'one'],
    ]);
    expect(second.map(({ key, lease }) => [key, lease?.owner])).toEqual([['later', 'two']]);
  });

  it('[store.next-due] says when a record that it did not hand out will be due', async () => {
    const claim = (limit: number, leaseMs = 60_000) => records().claimDue({ owner: 'one', leaseMs, limit });
    expect(await claim(9)).toEqual({ records: [] });
    await records().put('never', { data: '0' });
    const soonMs = Date.now() + 60_000;
    await records().put('soon', { data: '0', dueAtMs: soonMs });
    expect(await claim(9)).toEqual({ records: [], nextDueAtMs: soonMs });
    await records().put('now', { data: '0', dueAtMs: 7 });
    expect(await claim(0)).toEqual({ records: [], nextDueAtMs: 7 });
    const { records: claimed, nextDueAtMs } = await claim(9, 30_000);
    expect(nextDueAtMs).toBe(soonMs);
    // Under a lease it is due again when that ends, which is before `soon`.
    expect((await claim(9)).nextDueAtMs).toBe(claimed[0]?.lease?.untilMs);
  });

  it('[store.fence] fences a late holder by the version', async () => {
    await records().put('a', { data: '0', dueAtMs: 1 });
    const [late] = (await records().claimDue({ owner: 'late', leaseMs: 0, limit: 1 })).records;
    const [next] = (await records().claimDue({ owner: 'next', leaseMs: 60_000, limit: 1 })).records;
    const done = (version = 0) => records().put('a', { data: '"done"' }, { expectedVersion: version });
    await expect(done(late?.version)).rejects.toMatchObject(conflict);
    await done(next?.version);
    expect(await records().get('a')).not.toHaveProperty('lease');
  });

  it('[store.claim-contention] hands each of 200 due records to one of 8 claimers', async () => {
    const keys = Array.from({ length: 200 }, (_, n) => `${1_000 + n}`);
    const write = { records: testRecords, record: { data: '0', dueAtMs: 1 } };
    await store().storage.commit({ puts: keys.map((key) => ({ ...write, key })) });
    const claimers = Array.from({ length: 8 }, (_, n) => claimAll(records(), `owner ${n}`));
    expect((await Promise.all(claimers)).flat().toSorted()).toEqual(keys);
  });
}

const conflict = { code: 'MOB_CONFLICT', retryable: false };
