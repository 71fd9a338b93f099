import { tail } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { take } from '../concurrent-appenders.js';
import { entry, testLog } from '../makers.js';
import { ids } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const retentionChapter: Chapter<StorageStore> = { name: 'retention', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);

  it('[store.prune] prunes the oldest up to the first that must stay', async () => {
    const times = [10, 20, 99, 30, 40];
    await log().append(times.map((timestampMs) => entry(`at ${timestampMs}`, { timestampMs })));
    expect(await log().prune({ timestampMs: 50, keep: 1 })).toBe(2);
    expect(await log().bounds()).toEqual({ firstSeq: 3, lastSeq: 5 });
    expect(await log().read({ afterSeq: 0, limit: 1 })).toMatchObject({ firstSeq: 3, entries: [{ seq: 3 }] });
  });

  it('finds what pruning left, and nothing of what it took', async () => {
    const given = Array.from({ length: 9 }, (_, n) =>
      entry(`${n + 1}`, { fields: { color: n % 2 ? 'red' : 'blue' }, timestampMs: n }),
    );
    await log().append(given);
    await log('other').append(given);
    expect(await log().prune({ seq: 5 })).toBe(4);
    expect(await log().prune({ seq: 5 })).toBe(0);
    expect(await log().prune({ seq: 99, keep: 4 })).toBe(1);
    expect(await ids(log(), { where: { color: 'red' } })).toEqual(['6', '8']);
    expect(await log().read({ afterSeq: 6, where: { color: 'red' }, untilMs: 8 })).toMatchObject({
      entries: [{ id: '8' }],
      firstSeq: 6,
      scannedTo: 9,
    });
    expect(await log().append([entry('1'), entry('6')])).toMatchObject({ stored: 1, duplicates: ['6'] });
    expect(await log('other').bounds()).toEqual({ firstSeq: 1, lastSeq: 9 });
    await expect(log().prune({})).rejects.toThrow(TypeError);
  });

  it('[store.seq-survives-prune] goes on numbering after everything was pruned', async () => {
    await log().append([entry('a'), entry('b')]);
    await log().prune({ keep: 0 });
    expect(await log().bounds()).toEqual({ firstSeq: 3, lastSeq: 2 });
    expect(await log().append([entry('a')])).toMatchObject({ stored: 1, lastSeq: 3 });
  });

  it('[store.stale-cursor] tells a tailing reader that its cursor is stale', async () => {
    await log().append([entry('a'), entry('b')]);
    await log().prune({ keep: 1 });
    await expect(tail(log(), { afterSeq: 0 }).next()).rejects.toMatchObject({
      code: 'MOB_CURSOR_STALE',
      details: { afterSeq: 0, firstSeq: 2, lastSeq: 2 },
    });
    await expect(tail(log(), { afterSeq: 3 }).next()).rejects.toMatchObject({ code: 'MOB_CURSOR_STALE' });
  });

  it('[store.overtaken] tells a reader that pruning overtook it where the log is now', async () => {
    const given = Array.from({ length: 300 }, (_, n) => entry(`${n + 1}`));
    await log().append(given);
    const reader = tail(log(), { afterSeq: 0 });
    expect((await reader.next()).value).toMatchObject({ seq: 1 });
    await log().prune({ keep: 20 });
    await expect(take(reader, 300)).rejects.toMatchObject({
      code: 'MOB_CURSOR_STALE',
      details: { firstSeq: 281, lastSeq: 300 },
    });
    // One that had caught up goes on.
    const live = tail(log(), { afterSeq: 300 });
    const next = live.next();
    await log().append([entry('next')]);
    await log().prune({ keep: 1 });
    expect((await next).value).toMatchObject({ seq: 301 });
    await live.return();
  });
}
