import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

export const limitsChapter: Chapter<EventStore> = { name: 'limits', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);
  const ids = (query: EventQuery) => idsOf(eventLog(), query);

  it('passes over a limit of 0 without moving the cursor, and takes the greatest there is', async () => {
    const given = Array.from({ length: 300 }, (_, n) => event(`${n}`));
    await append(...given);
    expect(await eventLog().query({ afterSeq: 1, limit: 0 })).toMatchObject({
      events: [],
      scannedTo: 1,
      more: true,
    });
    const all = given.map(({ id }) => id);
    expect(await ids({ afterSeq: 0, limit: Number.MAX_SAFE_INTEGER })).toEqual(all);
    expect(await ids({ limit: Number.MAX_SAFE_INTEGER })).toEqual(all);
    expect(await ids({ afterSeq: 0 })).toHaveLength(256);
    for (const limit of [-1, 0.5]) await expect(eventLog().query({ limit })).rejects.toThrow(TypeError);
  });
}
