import type { NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';

export const retentionChapter: Chapter<EventStore> = { name: 'retention', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);

  it('prunes the oldest and says what is left, if it prunes', async (context) => {
    const { prune } = eventLog();
    if (!prune) return context.skip('the store has no prune');
    await append(...['a', 'b', 'c', 'd'].map((id) => event(id)));
    expect(await eventLog().prune?.({ seq: 3 })).toBe(2);
    expect(await eventLog().query({ afterSeq: 0 })).toMatchObject({
      events: [{ seq: 3 }, { seq: 4 }],
      firstSeq: 3,
      lastSeq: 4,
    });
    expect(await eventLog().prune?.({ keep: 0 })).toBe(2);
    expect(await append(event('a'))).toEqual({ stored: 1, duplicates: [], lastSeq: 5 });
  });
}
