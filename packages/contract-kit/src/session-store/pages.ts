import type { SessionRow } from '@mobkit/core';
import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { everyRow, everySession, sessionRow, settled, type SessionsStore } from './sessions-store.js';

export function pageTests(given: Given<SessionsStore>): void {
  const { sessions, append } = settled(given);

  it('[sessions.pages] pages through sessions without missing or repeating one, and says when there are no more', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await append(...ids.map((id) => sessionRow(id, 1_000, { deleted: id === 'b' })));
    await append(...ids.map((id) => sessionRow(id, 500)));
    const idsOf = (rows: readonly SessionRow[]) => rows.map(({ sessionId }) => sessionId);
    for (const limit of [1, 2, 3, 5, 4_096]) {
      expect(idsOf(await everySession(sessions(), 'latest', limit))).toEqual(ids);
      expect(idsOf(await everySession(sessions(), 'live', limit))).toEqual(['a', 'c', 'd', 'e']);
    }
    expect(await sessions().latest({ limit: 5 })).toMatchObject({ more: false });
    expect(await sessions().live({ limit: 4 })).toMatchObject({ more: false });
    expect(await sessions().live({ limit: 3 })).toMatchObject({ more: true });
    expect(idsOf((await sessions().latest({ afterSessionId: 'bb', limit: 2 })).rows)).toEqual(['c', 'd']);
    expect(await sessions().latest({ afterSessionId: 'e' })).toEqual({ rows: [], more: false });
  });

  it('[sessions.history-pages] pages through the history in order, rows of one time included', async () => {
    const times = [5, 1, 3, 3, 3, 3, 2, 5, 4, 0];
    const rows = times.map((time, n) => sessionRow(n % 2 === 0 ? 'even' : 'odd', time, { payload: n }));
    await append(...rows);
    const whole = (await sessions().history()).rows;
    expect(whole.map(({ updatedAtMs }) => updatedAtMs)).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(whole.map(({ payload }) => payload)).size).toBe(rows.length);
    for (const limit of [1, 3, 4, 10]) {
      expect(await everyRow(sessions(), { limit })).toEqual(whole);
      expect(await everyRow(sessions(), { sessionId: 'odd', limit })).toEqual(
        whole.filter(({ sessionId }) => sessionId === 'odd'),
      );
    }
    expect((await sessions().history({ limit: 10 })).next).toBeUndefined();
  });
}
