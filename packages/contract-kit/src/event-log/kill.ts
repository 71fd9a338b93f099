import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessKillable } from '../chapter.js';
import { KILL_TIMEOUT_MS, killAtRandom, KILLS } from '../child/kill-at-random.js';
import { eventsOf, idsOf } from '../child/work.js';
import type { EventStore } from './event-store.js';
import { readAll } from './read-events.js';

export const killChapter: Chapter<EventStore> = { name: 'kill', notFor: unlessKillable, tests };

function tests({ child, restart }: Given<EventStore>): void {
  it(
    '[store.events-kill] keeps every acknowledged batch whole when the writer is killed at any moment',
    async () => {
      for (let round = 0, next = 0; round < KILLS; round++) {
        const writer = await child({ kind: 'events', writer: 'w', from: next });
        const acknowledged = await killAtRandom(writer, next);
        const { eventLog } = await restart();
        const found = await readAll(eventLog);
        expect(found.map(({ seq }) => seq)).toEqual(found.map((_, at) => at + 1));
        const due = Array.from({ length: acknowledged + 1 }, (_, at) => idsOf('w', at)).flat();
        const open = idsOf('w', acknowledged + 1);
        expect(found.map(({ id }) => id)).toEqual(found.length > due.length ? [...due, ...open] : due);
        const { lastSeq } = await eventLog.appendBatch(eventsOf('w', acknowledged + 1));
        expect(lastSeq).toBe(due.length + open.length);
        next = acknowledged + 2;
      }
    },
    KILL_TIMEOUT_MS,
  );
}
