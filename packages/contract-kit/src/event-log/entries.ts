import type { NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';

export const entriesChapter: Chapter<EventStore> = { name: 'entries', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);

  it('holds nothing at first', async () => {
    expect(await eventLog().query({})).toEqual({
      events: [],
      firstSeq: 1,
      lastSeq: 0,
      scannedTo: 0,
      more: false,
    });
  });

  it('[store.events-dense] numbers events densely from 1, in the order given', async () => {
    expect(await append(event('a'), event('b'))).toEqual({ stored: 2, duplicates: [], lastSeq: 2 });
    expect(await append()).toEqual({ stored: 0, duplicates: [], lastSeq: 2 });
    expect(await append(event('c'))).toEqual({ stored: 1, duplicates: [], lastSeq: 3 });
    const { events } = await eventLog().query({});
    expect(events.map(({ seq, id }) => `${seq} ${id}`)).toEqual(['1 a', '2 b', '3 c']);
  });
}
