import { type LogPage, tail } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const readingChapter: Chapter<StorageStore> = { name: 'reading', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);

  it('reads the oldest after afterSeq, else the newest, ascending both ways', async () => {
    await log().append(['a', 'b', 'c', 'd'].map((id) => entry(id)));
    expect(await log().read({ afterSeq: 1, limit: 2 })).toMatchObject({
      entries: [{ id: 'b' }, { id: 'c' }],
      scannedTo: 3,
      more: true,
    });
    expect(await log().read({ limit: 2 })).toMatchObject({
      entries: [{ id: 'c' }, { id: 'd' }],
      scannedTo: 4,
      more: true,
    });
    expect(await log().read({ beforeSeq: 3 })).toMatchObject({
      entries: [{ id: 'a' }, { id: 'b' }],
      scannedTo: 2,
      more: false,
    });
  });

  it('[store.frontier] scans to the frontier when nothing more matches', async () => {
    await log().append([entry('a', { fields: { color: 'red' } }), entry('b'), entry('c')]);
    const page = await log().read({ afterSeq: 0, where: { color: 'red' } });
    expect(page).toMatchObject({ entries: [{ id: 'a' }], scannedTo: 3, more: false });
  });

  it('[store.without-fields] reads the same entries for whoever needs no fields', async () => {
    await log().append([entry('a', { fields: { color: 'red' } }), entry('b', { fields: { color: 'blue' } })]);
    const query = { afterSeq: 0, where: { color: 'red' } };
    const page = await log().read({ ...query, withoutFields: true });
    const whole = await log().read(query);
    const bare = ({ entries, ...rest }: LogPage) => ({
      ...rest,
      entries: entries.map((one) => ({ ...one, fields: {} })),
    });
    expect(whole.entries).toMatchObject([{ fields: { color: 'red' } }]);
    expect(bare(page)).toEqual(bare(whole));
  });

  it('ends a tailing reader by its signal', async () => {
    const abort = new AbortController();
    const next = tail(log(), { afterSeq: 0, signal: abort.signal }).next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('says with every page what the log holds', async () => {
    expect(await log().read({})).toMatchObject({ firstSeq: 1, lastSeq: 0 });
    await log().append(['a', 'b', 'c'].map((id) => entry(id)));
    expect(await log().read({ afterSeq: 1, limit: 1 })).toMatchObject({ firstSeq: 1, lastSeq: 3 });
    expect(await log().read({ beforeSeq: 3 })).toMatchObject({ firstSeq: 1, lastSeq: 3 });
  });
}
