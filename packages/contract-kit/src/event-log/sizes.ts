import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

export const sizesChapter: Chapter<EventStore> = { name: 'sizes', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);
  const ids = (query: EventQuery) => idsOf(eventLog(), query);

  it(
    'keeps a mebibyte of payload, ten thousand events at once, and filters on as many types',
    async () => {
      const large = { kind: 'module', module: 'm', eventType: 'said', payload: 'é'.repeat(2 ** 19) } as const;
      await append(event('large', { event: large }));
      const { events } = await eventLog().query({});
      // Not `toEqual`: a difference would be printed.
      expect(JSON.stringify(events[0]?.event) === JSON.stringify(large)).toBe(true);
      const many = Array.from({ length: 10_000 }, (_, n) => event(`${n}`));
      expect(await append(...many)).toEqual({ stored: 10_000, duplicates: [], lastSeq: 10_001 });
      const eventTypes = Array.from({ length: 10_000 }, (_, n) => `type ${n}`);
      expect(await ids({ afterSeq: 0, eventTypes: [...eventTypes, 'said'] })).toEqual(['large']);
    },
    TIMEOUT_MS,
  );
}

const TIMEOUT_MS = 30_000;
