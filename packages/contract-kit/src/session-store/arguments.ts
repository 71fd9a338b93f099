import type { SessionHistoryQuery, SessionQuery, SessionRow } from '@mobkit/core';
import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { sessionRow, settled, type SessionsStore } from './sessions-store.js';

export function wrongArgumentsTests(given: Given<SessionsStore>): void {
  const { sessions, append, settle, history } = settled(given);

  it('[sessions.rows-refused] refuses rows whole for one that cannot be kept', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const wrong: { readonly [field in keyof SessionRow]?: readonly unknown[] } = {
      sessionId: ['', 'x'.repeat(401), 'a\0', '\ud800', 7, undefined],
      updatedAtMs: [-1, 0.5, Number.NaN, 253_402_300_800_000, '1000', undefined],
      deleted: [1, 'false', null, undefined],
      payload: [1n, Number.NaN, Infinity, undefined, () => {}, new Date(0), [undefined], { a: 1n }, cycle],
      labels: [null, undefined, [], 'x', { a: 1 }, { a: null }],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        const bad = { ...sessionRow('bad'), [field]: value } as SessionRow;
        await expect(sessions().append([sessionRow('good'), bad])).rejects.toThrow(TypeError);
      }
    }
    for (const rows of [undefined, sessionRow('a'), [null], ['a']]) {
      await expect(sessions().append(rows as unknown as SessionRow[])).rejects.toThrow(TypeError);
    }
    await settle();
    expect(await history()).toEqual([]);
  });

  it('[sessions.queries-refused] refuses a query with a wrong bound, and a field that nobody knows', async () => {
    await append(sessionRow('a'));
    for (const limit of [0, -1, 4_097, 1.5, Number.NaN]) {
      await expect(sessions().latest({ limit })).rejects.toThrow(/limit/);
      await expect(sessions().live({ limit })).rejects.toThrow(/limit/);
      await expect(sessions().history({ limit })).rejects.toThrow(/limit/);
    }
    for (const id of ['a\0', 7]) {
      const query = { afterSessionId: id } as SessionQuery;
      await expect(sessions().latest(query)).rejects.toThrow(TypeError);
      await expect(sessions().live(query)).rejects.toThrow(TypeError);
      await expect(sessions().history({ sessionId: id } as SessionHistoryQuery)).rejects.toThrow(TypeError);
    }
    const unknown = { session_id: 'a' };
    await expect(sessions().latest(unknown as SessionQuery)).rejects.toThrow(/session_id/);
    await expect(sessions().history(unknown as SessionHistoryQuery)).rejects.toThrow(/session_id/);
    for (const after of ['', 'no page', '1', "' or 1 = 1", '{}']) {
      await expect(sessions().history({ after })).rejects.toThrow(TypeError);
    }
  });
}
