import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog, testRecords } from '../makers.js';
import { ids } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const limitsChapter: Chapter<StorageStore> = { name: 'limits', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);
  const records = () => store().storage.records(testRecords);

  it('passes over a limit of 0 without moving the cursor', async () => {
    await log().append([entry('a'), entry('b')]);
    const page = await log().read({ afterSeq: 1, limit: 0 });
    expect(page).toMatchObject({ entries: [], scannedTo: 1, more: true });
  });

  it('[store.limits] takes the greatest limit there is, for a log, for records and for a claim', async () => {
    const limit = Number.MAX_SAFE_INTEGER;
    const keys = Array.from({ length: 300 }, (_, n) => `${1_000 + n}`);
    await log().append(keys.map((id) => entry(id)));
    expect(await ids(log(), { afterSeq: 0, limit })).toEqual(keys);
    expect(await ids(log(), { limit })).toEqual(keys);
    expect(await ids(log(), { beforeSeq: limit, limit })).toEqual(keys);
    expect(await ids(log(), {})).toHaveLength(256);
    const write = { records: testRecords, record: { data: '0', dueAtMs: 1 } };
    await store().storage.commit({ puts: keys.map((key) => ({ ...write, key })) });
    expect((await records().list({ limit })).records.map(({ key }) => key)).toEqual(keys);
    expect(await records().list({})).toMatchObject({ records: { length: 256 }, more: true });
    const claimed = await records().claimDue({ owner: 'one', leaseMs: 60_000, limit });
    expect(claimed.records).toHaveLength(300);
  });

  it('refuses a limit below 0, and one that is no whole number', async () => {
    for (const limit of [-1, 0.5, NaN, Infinity]) {
      await expect(log().read({ limit })).rejects.toThrow(TypeError);
      await expect(records().list({ limit })).rejects.toThrow(TypeError);
    }
  });
}
