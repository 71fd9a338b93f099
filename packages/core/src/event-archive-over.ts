import { checkArchivedEvents, eventsAfter } from './archived-events.js';
import type { EventArchive } from './event-archive.js';
import { eventFields, toEntry, toEvent, toLogQuery } from './event-entries.js';
import type { PersistedEvent } from './event-log.js';
import type { NewEntry } from './ordered-log.js';
import type { Storage } from './storage.js';

/** Where a `Storage` keeps the events of another. */
const archiveDefinition = { kind: 'log', name: 'event_archive', fields: eventFields } as const;

/** Prepares an archive of events in a storage, e.g. in the database of a server for a log on the local disk. */
export async function eventArchiveOver(storage: Storage): Promise<EventArchive> {
  await storage.prepare([archiveDefinition]);
  const log = storage.log(archiveDefinition);
  return {
    supports: { durable: storage.supports.durable },
    bounds: () => log.bounds(),
    async put(events) {
      checkArchivedEvents(events);
      const { lastSeq } = await log.bounds();
      const fresh = eventsAfter(events, lastSeq);
      const [first] = fresh;
      if (!first) return;
      const expected = { expectedLastSeq: lastSeq, ...(lastSeq === 0 && { firstSeq: first.seq }) };
      await log.append(fresh.map(toArchived), expected);
    },
    async query({ beforeSeq, ...query }) {
      const bound = beforeSeq === undefined ? {} : { beforeSeq };
      const { entries, ...page } = await log.read({ ...toLogQuery(query), ...bound, withoutFields: true });
      return { events: entries.map(toEvent), ...page };
    },
  };
}

/**
 * Under its number: an id may come back once the log that it is from has forgotten it. The event's own id stands in the data, and
 * is what a reader finds.
 */
function toArchived(event: PersistedEvent): NewEntry {
  const { seq, ...kept } = event;
  const entry = toEntry(kept);
  return { ...entry, id: String(seq), data: `{"id":${JSON.stringify(event.id)},${entry.data.slice(1)}` };
}
