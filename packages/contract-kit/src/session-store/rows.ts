import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { sessionRow, settled, type SessionsStore } from './sessions-store.js';

export function rowTests(given: Given<SessionsStore>): void {
  const { sessions, append, history, latest, live } = settled(given);

  it('[sessions.rows] gives back every row that was appended, the oldest first', async () => {
    expect(await sessions().history()).toEqual({ rows: [] });
    expect(await sessions().latest()).toEqual({ rows: [], more: false });
    expect(await sessions().live()).toEqual({ rows: [], more: false });
    await sessions().append([]);
    const late = sessionRow('b', 3_000, { payload: { turn: 2 }, labels: { mob: 'm', role: 'lead' } });
    const early = sessionRow('b', 1_000, { payload: { turn: 1 } });
    const middle = sessionRow('a', 2_000, { deleted: true });
    await append(late, early);
    await append(middle);
    expect(await history()).toEqual([early, middle, late]);
    expect((await sessions().history({ sessionId: 'b' })).rows).toEqual([early, late]);
    expect(await sessions().history({ sessionId: 'nobody' })).toEqual({ rows: [] });
  });

  it('[sessions.repeat] adds a row once, however often it is appended, and leaves it in its place', async () => {
    const one = sessionRow('a', 1_000, { payload: { text: 'one' }, labels: { x: '1', y: '2' } });
    const other = sessionRow('a', 1_000, { payload: { text: 'other' } });
    await append(one, one, other);
    await append(one);
    await append(sessionRow('a', 1_000, { payload: { text: 'one' }, labels: { y: '2', x: '1' } }));
    await append(other, one);
    expect(await history()).toHaveLength(2);
    expect(await latest()).toEqual([other]);
    expect(await live()).toEqual([other]);
    await append(sessionRow('b', 1_000, { payload: { text: 'one' }, labels: { x: '1', y: '2' } }));
    expect(await history()).toHaveLength(3);
  });

  it('[sessions.own] keeps what a row was when it was appended', async () => {
    const payload = { turns: [1] };
    const appended = sessions().append([sessionRow('a', 1_000, { payload })]);
    payload.turns.push(2);
    await appended;
    await append(sessionRow('b'));
    const [kept] = await latest();
    expect(kept?.payload).toEqual({ turns: [1] });
    const [first] = (await sessions().latest({ limit: 1 })).rows;
    (first!.payload as typeof payload).turns.push(3);
    expect((await latest())[0]?.payload).toEqual({ turns: [1] });
  });
}
