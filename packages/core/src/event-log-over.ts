import { eventLogDefinition, toEntry, toEvent, toLogQuery } from './event-entries.js';
import type { EventLogStore } from './event-log.js';
import type { Storage } from './storage.js';

/** Prepares the event log in a storage and returns the contract over it. */
export async function eventLogOver(storage: Storage): Promise<EventLogStore> {
  await storage.prepare([eventLogDefinition]);
  const log = storage.log(eventLogDefinition);
  return {
    supports: { durable: storage.supports.durable, cursor: storage.supports.cursor },
    onAppend: (wake) => log.onAppend(wake),
    prune: (bounds) => log.prune(bounds),
    appendBatch: async (events) => log.append(events.map(toEntry)),
    async query(query) {
      const { entries, ...page } = await log.read({ ...toLogQuery(query), withoutFields: true });
      return { events: entries.map(toEvent), ...page };
    },
  };
}
