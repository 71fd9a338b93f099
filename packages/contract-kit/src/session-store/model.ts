import type { SessionRow } from '@mobkit/core';
import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { SeededRandom } from '../simulation/seeded-random.js';
import { everyRow, everySession, sessionRow, settled, type SessionsStore } from './sessions-store.js';

const STEPS = 30;

export function modelTests(given: Given<SessionsStore>): void {
  const { sessions, append, compact } = settled(given);

  it('[sessions.model] answers as a list of all rows would', async () => {
    const random = new SeededRandom(7);
    let kept: SessionRow[] = [];
    for (let step = 0; step < STEPS; step++) {
      if (random.chance(0.2)) {
        await compact();
        const left = new Set((await everyRow(sessions(), { limit: 100 })).map(textOf));
        kept = kept.filter((row) => left.has(textOf(row)));
      } else {
        const rows = Array.from({ length: random.whole(1, 5) }, () =>
          kept.length > 0 && random.chance(0.2) ? random.pick(kept) : anyRow(random),
        );
        await append(...rows);
        for (const row of rows) {
          if (!kept.some((one) => textOf(one) === textOf(row))) kept.push(row);
        }
      }
      const limit = random.whole(1, 6);
      const latest = latestOf(kept);
      expect(await everySession(sessions(), 'latest', limit)).toEqual(latest);
      expect(await everySession(sessions(), 'live', limit)).toEqual(latest.filter(({ deleted }) => !deleted));
      const history = await everyRow(sessions(), { limit: limit * 3 });
      expect(history.map(textOf).toSorted()).toEqual(kept.map(textOf).toSorted());
      const times = history.map(({ updatedAtMs }) => updatedAtMs);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    }
  });
}

/** Of few sessions and few times, so that ties and repeats are many. */
function anyRow(random: SeededRandom): SessionRow {
  const payload = random.pick([null, 1, 'x', { n: random.whole(1, 3) }, [true]]);
  const labels = random.chance(0.5) ? {} : { tier: random.pick(['1', '2']) };
  const deleted = random.chance(0.25);
  const sessionId = random.pick(['a', 'b', 'c', 'd']);
  return sessionRow(sessionId, random.whole(1, 6), { deleted, payload, labels });
}

function latestOf(rows: readonly SessionRow[]): SessionRow[] {
  const latest = new Map<string, SessionRow>();
  for (const row of rows) {
    const before = latest.get(row.sessionId);
    if (!before || row.updatedAtMs >= before.updatedAtMs) latest.set(row.sessionId, row);
  }
  return [...latest.values()].toSorted((one, other) => (one.sessionId < other.sessionId ? -1 : 1));
}

function textOf({ sessionId, updatedAtMs, deleted, payload, labels }: SessionRow): string {
  return JSON.stringify([sessionId, updatedAtMs, deleted, payload, labels]);
}
