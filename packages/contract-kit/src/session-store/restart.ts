import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { sessionRow, settled, type SessionsStore } from './sessions-store.js';

export function restartTests(given: Given<SessionsStore>): void {
  const { append, compact, history, latest, live } = settled(given);

  it('[sessions.restart] still knows after closing, ties and repeats included', async () => {
    const first = sessionRow('a', 1_000, { payload: 'first' });
    const second = sessionRow('a', 1_000, { payload: 'second' });
    const gone = sessionRow('b', 2_000, { deleted: true, labels: { x: '1' } });
    await append(first, second, sessionRow('b', 1_000), gone);
    await given.restart();
    expect(await history()).toHaveLength(4);
    expect(await latest()).toEqual([second, gone]);
    await append(first, gone);
    expect(await history()).toHaveLength(4);
    expect(await live()).toEqual([second]);
    await compact();
    await given.restart();
    expect(await latest()).toEqual([second, gone]);
  });
}
