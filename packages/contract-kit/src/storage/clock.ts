import { tail } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { entry, testLog, testRecords } from '../makers.js';
import { ids, seen } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const clockChapter: Chapter<StorageStore> = { name: 'clock', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);
  const records = () => store().storage.records(testRecords);

  it('[store.times] finds by time, however the times lie', async () => {
    // Mostly in order, with steps back and forth, over enough entries for a store that keeps them in blocks.
    const step = (n: number) => (n % 97 === 0 ? (n % 2 ? 60 : -60) : 0);
    const times = Array.from({ length: 1_600 }, (_, n) => n + step(n));
    const given = times.map((timestampMs, n) => entry(`${n}`, { timestampMs }));
    for (const at of [0, 3, 700]) await log().append(given.slice(at, at + 900));
    await log().prune({ seq: 601 });
    for (const [sinceMs, untilMs] of [
      [0, 1_600],
      [650, 700],
      [1_000, 1_001],
      [716, 717],
      [1_599, 9_999],
      [40, 60],
    ] as const) {
      const inTime = given
        .slice(600)
        .filter((one) => one.timestampMs >= sinceMs && one.timestampMs < untilMs);
      const wanted = inTime.map(({ id }) => id);
      expect(await ids(log(), { sinceMs, untilMs, limit: 2_000 })).toEqual(wanted);
      expect(await ids(log(), { sinceMs, untilMs, afterSeq: 900, limit: 5 })).toEqual(
        wanted.filter((id) => Number(id) >= 900).slice(0, 5),
      );
    }
  });

  it('[store.clock-back] numbers by arrival when the clock goes back, and finds by the time given', async () => {
    const times = [5_000, 4_000, 3_000, -1, 0, 9_000, 2_000];
    for (const timestampMs of times) await log().append([entry(`at ${timestampMs}`, { timestampMs })]);
    expect(await seen(log())).toEqual(times.map((timestampMs, at) => `${at + 1} at ${timestampMs}`));
    expect(await ids(log(), { sinceMs: 3_000, untilMs: 5_000 })).toEqual(['at 4000', 'at 3000']);
    expect(await ids(log(), { afterSeq: 2, untilMs: 1 })).toEqual(['at -1', 'at 0']);
    expect(await ids(log(), { sinceMs: 5_000, limit: 1 })).toEqual(['at 9000']);
    const reader = tail(log(), { afterSeq: 5 });
    expect((await reader.next()).value).toMatchObject({ seq: 6 });
    expect((await reader.next()).value).toMatchObject({ seq: 7 });
    await reader.return();
  });

  it('hands out by due time, whenever it was put, from before 1970 on', async () => {
    for (const dueAtMs of [30, -5, 20, 0]) await records().put(`${dueAtMs}`, { data: '0', dueAtMs });
    const { records: claimed } = await records().claimDue({ owner: 'one', leaseMs: 60_000, limit: 9 });
    expect(claimed.map(({ key }) => key)).toEqual(['-5', '0', '20', '30']);
  });
}
