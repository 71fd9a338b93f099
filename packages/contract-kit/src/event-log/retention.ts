import type { NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';

export const retentionChapter: Chapter<EventStore> = { name: 'retention', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);

  it('prunes the oldest and says what is left, or keeps all that it was given', async () => {
    await append(...['a', 'b', 'c', 'd'].map((id) => event(id)));
    const pruned = await eventLog().prune?.({ seq: 3 });
    const firstSeq = pruned === undefined ? 1 : 3;
    expect(pruned ?? 2).toBe(2);
    const kept = await eventLog().query({ afterSeq: 0 });
    expect(kept).toMatchObject({ firstSeq, lastSeq: 4 });
    expect(kept.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4].slice(firstSeq - 1));
    expect((await eventLog().prune?.({ keep: 0 })) ?? 2).toBe(2);
    const again = pruned === undefined ? { stored: 0, duplicates: ['a'] } : { stored: 1, duplicates: [] };
    expect(await append(event('a'))).toEqual({ ...again, lastSeq: 4 + again.stored });
  });
}
