import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { sessionRow, settled, type SessionsStore } from './sessions-store.js';

export function latestTests(given: Given<SessionsStore>): void {
  const { sessions, append, latest, live } = settled(given);

  it('[sessions.latest] knows of each session its latest row, also when an older one is appended later', async () => {
    const newest = sessionRow('a', 3_000, { payload: 'newest' });
    await append(sessionRow('a', 1_000), sessionRow('b', 1_000));
    await append(newest);
    await append(sessionRow('a', 2_000, { payload: 'late' }));
    expect(await latest()).toEqual([newest, sessionRow('b', 1_000)]);
    await append(sessionRow('c', 5_000), sessionRow('c', 4_000, { deleted: true }));
    expect(await live()).toEqual([newest, sessionRow('b', 1_000), sessionRow('c', 5_000)]);
  });

  it('[sessions.ties] takes of several rows of one time the one that was appended last', async () => {
    const tie = (payload: string) => sessionRow('a', 1_000, { payload });
    await append(tie('one'), tie('two'));
    expect(await latest()).toEqual([tie('two')]);
    await append(tie('three'));
    expect(await latest()).toEqual([tie('three')]);
    // By the order of the calls, not of their ends.
    await Promise.all([tie('four'), tie('five'), tie('six')].map((row) => sessions().append([row])));
    await append(sessionRow('b'));
    expect(await latest()).toEqual([tie('six'), sessionRow('b')]);
  });

  it('[sessions.tombstones] counts a session out from its tombstone on, until a later row brings it back', async () => {
    const gone = sessionRow('a', 2_000, { deleted: true });
    await append(sessionRow('a', 1_000), sessionRow('b', 1_000));
    await append(gone);
    expect(await latest()).toEqual([gone, sessionRow('b', 1_000)]);
    expect(await live()).toEqual([sessionRow('b', 1_000)]);
    // Older than the tombstone: it changes nothing.
    await append(sessionRow('a', 1_500));
    expect(await live()).toEqual([sessionRow('b', 1_000)]);
    const back = sessionRow('a', 2_000, { payload: 'back' });
    await append(back);
    expect(await live()).toEqual([back, sessionRow('b', 1_000)]);
    await append({ ...back, deleted: true });
    expect(await live()).toEqual([sessionRow('b', 1_000)]);
  });
}
