import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

export const repeatsChapter: Chapter<EventStore> = { name: 'repeats', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);
  const ids = (query: EventQuery) => idsOf(eventLog(), query);

  it('ignores an event it already has, and leaves no hole', async () => {
    await append(event('a'), event('b'));
    expect(await append(event('b'), event('c'))).toEqual({ stored: 1, duplicates: ['b'], lastSeq: 3 });
    expect((await eventLog().query({})).events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('completes a batch of which a part is kept, and takes the whole of it again', async () => {
    const batch = ['a', 'b', 'c', 'd', 'e'].map((id) => event(id));
    await append(batch[3]!, batch[1]!);
    expect(await append(...batch, event('a'))).toEqual({
      stored: 3,
      duplicates: ['b', 'd', 'a'],
      lastSeq: 5,
    });
    expect(await append(...batch)).toMatchObject({ stored: 0, duplicates: { length: 5 }, lastSeq: 5 });
    expect(await ids({ afterSeq: 0 })).toEqual(['d', 'b', 'a', 'c', 'e']);
  });
}
