import { setImmediate as nextTurn } from 'node:timers/promises';

import { event, ManualClock } from '@mobkit/contract-kit';
import type { ErrorEvent } from '@mobkit/core';
import { createEventIngestion, type EventIngestionOptions } from '@mobkit/event-log';

import { openFlakyStore } from './flaky-store.js';

/** An ingestion, and everything to watch and to move it with. */
export async function start(options: Partial<EventIngestionOptions> = {}) {
  const store = await openFlakyStore();
  const clock = new ManualClock();
  const told: ErrorEvent[] = [];
  const ingestion = createEventIngestion({ store, clock, onError: (error) => told.push(error), ...options });
  return {
    store,
    clock,
    told,
    ingestion,
    /** Ingests events by their ids. */
    give: (...given: readonly string[]) => {
      for (const id of given) ingestion.ingest(event(id));
    },
    /** Moves time on, and lets what that started come to rest. */
    pass: async (ms: number) => {
      clock.advance(ms);
      await nextTurn();
    },
  };
}

/** Lets everything that waits for no timer come to rest. */
export { nextTurn as rest };

export function ids(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `evt-${from + index}`);
}
