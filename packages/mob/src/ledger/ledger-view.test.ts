import type { MobEvent } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { openTestMob } from '../../test/open-test-mob.js';

const cursors = (events: readonly MobEvent[]) => events.map(({ cursor }) => cursor);

async function mobOfThree() {
  const opened = await openTestMob();
  for (const identity of ['one', 'two', 'three']) await opened.mob.spawn({ identity, profile: 'worker' });
  return opened.mob;
}

it('[mob.cursors] numbers events densely from 1 and reads them by cursor, exclusively and limited', async () => {
  const { events } = await mobOfThree();
  expect(await events.latestCursor()).toBe(4);
  expect(cursors((await events.query({ afterCursor: 0 })).events)).toEqual([1, 2, 3, 4]);
  const page = await events.query({ afterCursor: 1, limit: 2 });
  expect({ ...page, events: cursors(page.events) }).toEqual({
    events: [2, 3],
    scannedTo: 3,
    more: true,
    firstCursor: 1,
    latestCursor: 4,
  });
  expect(cursors((await events.query({ limit: 2 })).events)).toEqual([3, 4]);
  expect(cursors((await events.query({ afterCursor: 0, agentIdentity: 'two' })).events)).toEqual([3]);
  expect(cursors((await events.query({ afterCursor: 0, kinds: ['mob_created'] })).events)).toEqual([1]);
  expect(cursors((await events.query({ afterCursor: 0, kinds: [] })).events)).toHaveLength(4);
});

it('[mob.cursor-stale] refuses a cursor beyond the latest with both numbers; the latest itself is fine', async () => {
  const { events } = await mobOfThree();
  const stale = { code: 'MOB_CURSOR_STALE', details: { afterSeq: 5, lastSeq: 4 } };
  await expect(events.query({ afterCursor: 5 })).rejects.toMatchObject(stale);
  await expect(events.tail({ afterCursor: 5 })[Symbol.asyncIterator]().next()).rejects.toMatchObject(stale);
  expect((await events.query({ afterCursor: 4 })).events).toEqual([]);
});

it('[mob.tail] replays after a cursor, then follows, without a gap or a duplicate', async () => {
  const mob = await mobOfThree();
  const seen: number[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const { cursor } of mob.events.tail({ afterCursor: 2, signal: stop.signal })) {
      if (seen.push(cursor) === 12) stop.abort();
    }
  })();
  for (let at = 0; at < 10; at += 1) await mob.spawn({ identity: `more-${at}`, profile: 'worker' });
  await reading;
  expect(seen).toEqual(Array.from({ length: 12 }, (_, at) => at + 3));
});
