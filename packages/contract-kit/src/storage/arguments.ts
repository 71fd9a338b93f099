import type { LogQuery } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog, testRecords } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const wrongArgumentsChapter: Chapter<StorageStore> = { name: 'arguments', tests };

function tests({ store }: Given<StorageStore>): void {
  const storage = () => store().storage;
  const log = () => storage().log(testLog);
  const records = () => storage().records(testRecords);

  it('stores nothing of a batch with a wrong entry', async () => {
    await expect(log().append([entry('a'), entry('b\0')])).rejects.toThrow(TypeError);
    const untyped = { data: { not: 'text' } as unknown as string };
    await expect(log().append([entry('a'), entry('b', untyped)])).rejects.toThrow(TypeError);
    expect(await log().bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });

  it('refuses a key that cannot be kept', async () => {
    await expect(records().put('a\0', { data: '1' })).rejects.toThrow(TypeError);
    await expect(records().get('\uD800')).rejects.toThrow(TypeError);
    await expect(records().delete('a'.repeat(401))).rejects.toThrow(TypeError);
    const untyped = { data: true as unknown as string };
    await expect(records().put('a', untyped)).rejects.toThrow(TypeError);
  });

  it('refuses a commit that names a record or a partition twice', async () => {
    const append = { log: testLog, partition: 'one', entries: [entry('a')] };
    const put = { records: testRecords, key: 'a', record: { data: '1' } };
    await expect(storage().commit({ appends: [append, append] })).rejects.toThrow(TypeError);
    await expect(storage().commit({ puts: [put], deletes: [put] })).rejects.toThrow(TypeError);
    expect(await storage().commit({})).toEqual({ versions: [], deleted: [], appended: [] });
    expect(await storage().log(testLog, 'one').bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });

  it('[store.contradictions] refuses bounds that contradict each other, and fields that are not declared', async () => {
    for (const query of [
      { afterSeq: 2, beforeSeq: 1 },
      { sinceMs: 2, untilMs: 1 },
      { where: { weight: 1 } },
      { where: { size: 'one' } },
      { where: { toString: 'x' } },
      { sinceMs: 2 ** 53 },
      { afterSeq: 0.5 },
      { withoutFields: false },
    ]) {
      await expect(log().read(query as LogQuery)).rejects.toThrow(TypeError);
    }
    await expect(log().prune({})).rejects.toThrow(TypeError);
    await expect(records().list({ where: { weight: 1 } })).rejects.toThrow(TypeError);
    for (const claim of [{ limit: 0.5 }, { leaseMs: NaN }, { owner: 'a\0' }]) {
      const whole = { owner: 'one', leaseMs: 1, limit: 1, ...claim };
      await expect(records().claimDue(whole)).rejects.toThrow(TypeError);
    }
  });

  it('names the entry whose time or field cannot be kept', async () => {
    for (const wrong of [
      { timestampMs: 2 ** 53 },
      { timestampMs: 0.5 },
      { timestampMs: NaN },
      { fields: { size: 2 ** 53 } },
      { fields: { weight: 1 } },
      { fields: { color: 'x'.repeat(401) } },
    ]) {
      const batch = [entry('good'), entry('wrong', wrong)];
      await expect(log().append(batch)).rejects.toThrow(/wrong|size|weight|color/);
    }
    expect(await log().bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });
}
