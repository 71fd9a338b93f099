import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

export const clockChapter: Chapter<EventStore> = { name: 'clock', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);
  const ids = (query: EventQuery) => idsOf(eventLog(), query);

  it('numbers by arrival when the clock goes back, and finds by the time given', async () => {
    const times = [5_000, 4_000, -1, 9_000, 2_000];
    for (const timestampMs of times) await append(event(`at ${timestampMs}`, { timestampMs }));
    expect(await ids({ afterSeq: 0 })).toEqual(times.map((timestampMs) => `at ${timestampMs}`));
    expect(await ids({ sinceMs: 2_000, untilMs: 5_000 })).toEqual(['at 4000', 'at 2000']);
    expect(await ids({ afterSeq: 2, untilMs: 5_000 })).toEqual(['at -1', 'at 2000']);
  });
}
