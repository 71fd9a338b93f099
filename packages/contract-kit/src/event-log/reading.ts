import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

export const readingChapter: Chapter<EventStore> = { name: 'reading', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);
  const ids = (query: EventQuery) => idsOf(eventLog(), query);

  it('treats afterSeq as an exclusive lower bound', async () => {
    await append(event('a'), event('b'), event('c'));
    expect(await ids({ afterSeq: 1, limit: 1 })).toEqual(['b']);
  });

  it('without a cursor returns the newest, oldest first', async () => {
    await append(event('a'), event('b'), event('c'));
    expect(await ids({ limit: 2 })).toEqual(['b', 'c']);
  });

  it('scans past what does not match', async () => {
    await append(event('a', { runId: 'run' }), event('b'));
    const page = await eventLog().query({ afterSeq: 0, runId: 'run' });
    expect(page).toMatchObject({ events: [{ id: 'a' }], scannedTo: 2, more: false });
  });
}
