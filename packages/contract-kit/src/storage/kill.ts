import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessKillable } from '../chapter.js';
import { KILL_TIMEOUT_MS, killAtRandom, KILLS } from '../child/kill-at-random.js';
import { entriesOf, idsOf } from '../child/work.js';
import { testLog } from '../makers.js';
import { readAll } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const killChapter: Chapter<StorageStore> = { name: 'kill', notFor: unlessKillable, tests };

function tests({ child, restart }: Given<StorageStore>): void {
  it(
    '[store.kill] keeps every acknowledged batch whole when the writer is killed at any moment',
    async () => {
      for (let round = 0, next = 0; round < KILLS; round++) {
        const writer = await child({ kind: 'entries', writer: 'w', from: next });
        const acknowledged = await killAtRandom(writer, next);
        const log = (await restart()).storage.log(testLog);
        const found = await readAll(log);
        const kept = found.length;
        expect(found.map(({ seq }) => seq)).toEqual(found.map((_, at) => at + 1));

        // What was on its way may be there, whole; nothing after it.
        const due = idsUpTo(acknowledged);
        const open = idsOf('w', acknowledged + 1);
        const whole = kept > due.length ? [...due, ...open] : due;
        expect(found.map(({ id }) => id)).toEqual(whole);
        expect(found.every(({ id, data }) => data === JSON.stringify({ id, of: 'w' }))).toBe(true);

        // The answer was lost: the writer that comes after says it again.
        const { stored, duplicates } = await log.append(entriesOf('w', acknowledged + 1));
        expect([stored, duplicates.length].toSorted((one, other) => one - other)).toEqual([0, open.length]);
        expect((await log.bounds()).lastSeq).toBe(due.length + open.length);
        next = acknowledged + 2;
      }
    },
    KILL_TIMEOUT_MS,
  );
}

function idsUpTo(step: number): string[] {
  return Array.from({ length: step + 1 }, (_, at) => idsOf('w', at)).flat();
}
