import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { sessionRow, settled, type SessionsStore } from './sessions-store.js';

export function compactionTests(given: Given<SessionsStore>): void {
  const { append, compact, history, latest, live } = settled(given);

  it('[sessions.compact] removes what a later row has taken the place of, and nothing else', async () => {
    expect(await compact()).toBe(0);
    const times = Array.from({ length: 6 }, (_, n) => n * 1_000);
    for (const time of times)
      await append(sessionRow('a', time), sessionRow('b', time), sessionRow('c', time));
    const dead = sessionRow('b', 9_000, { deleted: true });
    const tie = sessionRow('c', 5_000, { payload: 'tie' });
    await append(dead, tie);
    const before = { all: await history(), latest: await latest(), live: await live() };
    expect(before.latest).toEqual([sessionRow('a', 5_000), dead, tie]);

    const removed = await compact();
    const left = await history();
    // A backend that is asked later may have kept a repeated row twice.
    const gone = before.all.length - left.length;
    expect(given.store().sessions.supports.cursor === 'strict' ? removed : gone).toBe(gone);
    expect(removed).toBeGreaterThanOrEqual(gone);
    expect(before.all).toEqual(expect.arrayContaining([...left]));
    expect(left).toEqual(expect.arrayContaining([...before.latest]));
    expect(await latest()).toEqual(before.latest);
    expect(await live()).toEqual(before.live);

    await append(sessionRow('b', 10_000), sessionRow('a', 4_500));
    expect(await latest()).toEqual([sessionRow('a', 5_000), sessionRow('b', 10_000), tie]);
  });

  it('[sessions.compact-appends] loses no row that is appended meanwhile', async () => {
    const { sessions } = given.store();
    const times = Array.from({ length: 12 }, (_, n) => n);
    await append(...times.map((time) => sessionRow('a', time)));
    await Promise.all([
      sessions.compact(),
      ...times.slice(1).map((time) => sessions.append([sessionRow('a', time * 100, { payload: time })])),
      sessions.compact(),
    ]);
    await append(sessionRow('b'));
    const last = [sessionRow('a', 1_100, { payload: 11 }), sessionRow('b')];
    expect(await latest()).toEqual(last);
    await compact();
    expect(await latest()).toEqual(last);
    expect(await history()).toEqual(expect.arrayContaining(last));
  });
}
