import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

const WITHOUT = 'the store has no onAppend';

export const wakesChapter: Chapter<EventStore> = {
  name: 'wakes',
  notFor: ({ wakes }) => (wakes === false ? WITHOUT : undefined),
  tests,
};

function tests({ store }: Given<EventStore>): void {
  let unsubscribe: (() => void) | undefined;
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);
  const ids = (query: EventQuery) => idsOf(eventLog(), query);

  it('wakes whoever waits for events, if it says that it does', async (context) => {
    const { onAppend } = eventLog();
    if (!onAppend) return context.skip(WITHOUT);
    for (const id of ['a', 'b', 'c']) {
      const woken = new Promise<void>((resolve) => void (unsubscribe = eventLog().onAppend?.(resolve)));
      await append(event(id));
      await woken;
      unsubscribe?.();
    }
    expect(await ids({ afterSeq: 0 })).toEqual(['a', 'b', 'c']);
  });
}
