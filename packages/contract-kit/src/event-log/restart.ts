import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessReopened } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

export const restartChapter: Chapter<EventStore> = { name: 'restart', notFor: unlessReopened, tests };

function tests({ store, restart }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;

  it('goes on from every cursor that was saved before a restart', async () => {
    const given = Array.from({ length: 20 }, (_, n) => event(`${n}`, { runId: n % 3 ? 'red' : 'blue' }));
    for (let at = 0; at < given.length; at += 7) await eventLog().appendBatch(given.slice(at, at + 7));
    const { eventLog: reopened } = await restart();
    for (let cursor = 0; cursor <= given.length; cursor++) {
      const rest = given.slice(cursor);
      expect(await idsOf(reopened, { afterSeq: cursor })).toEqual(rest.map(({ id }) => id));
      const red = rest.filter(({ runId }) => runId === 'red').map(({ id }) => id);
      expect(await idsOf(reopened, { afterSeq: cursor, runId: 'red' })).toEqual(red);
    }
    const again = await reopened.appendBatch([...given.slice(15), event('next')]);
    expect(again).toMatchObject({ stored: 1, duplicates: { length: 5 }, lastSeq: 21 });
  });
}
