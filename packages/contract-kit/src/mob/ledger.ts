import { expect, it } from 'vitest';

import type { MobChapter } from './mob-chapter.js';
import { ledgerOf, type Stage } from './stage.js';

export const ledgerChapter: MobChapter = { name: 'ledger', tests };

function tests(stage: () => Stage): void {
  it('[engine.cursors] numbers what happened from 1 without a hole, and reads after a cursor, at most so many', async () => {
    const { mob } = await stage().open();
    for (const identity of ['a', 'b', 'c']) await mob.spawn({ identity, profile: 'worker' });
    await mob.retire('b');
    const all = await ledgerOf(mob);
    expect(all.map(({ cursor }) => cursor)).toEqual(all.map((_, at) => at + 1));
    expect(await mob.events.latestCursor()).toBe(all.length);
    const page = await mob.events.query({ afterCursor: 1, limit: 2 });
    expect(page.events.map(({ cursor }) => cursor)).toEqual([2, 3]);
  });

  it('[engine.stale] refuses a cursor beyond the latest, with both in the error, and takes the latest', async () => {
    const { mob } = await stage().open();
    const latest = await mob.events.latestCursor();
    expect((await mob.events.query({ afterCursor: latest })).events).toEqual([]);
    const stale = { code: 'MOB_CURSOR_STALE', details: { afterSeq: latest + 1, lastSeq: latest } };
    await expect(mob.events.query({ afterCursor: latest + 1 })).rejects.toMatchObject(stale);
    const reader = mob.events.tail({ afterCursor: latest + 1 })[Symbol.asyncIterator]();
    await expect(reader.next()).rejects.toMatchObject(stale);
  });

  it('[engine.tail] gives a reader what was kept after its cursor and then what comes, each once and in order', async () => {
    const { mob } = await stage().open();
    await mob.spawn({ identity: 'm0', profile: 'worker' });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { cursor, kind } of mob.events.tail({ afterCursor: 1 })) {
        seen.push(cursor);
        if (kind.type === 'member_retired') return;
      }
    })();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => mob.spawn({ identity: `m${at + 1}`, profile: 'worker' })),
    );
    await mob.retire('m0');
    await reading;
    expect(seen).toEqual(
      Array.from({ length: await mob.events.latestCursor() }, (_, at) => at + 2).slice(0, -1),
    );
  });
}
