import type { EventLogStore, EventQuery, PersistedEvent } from '@mobkit/core';

export async function idsOf(eventLog: EventLogStore, query: EventQuery): Promise<string[]> {
  return (await eventLog.query(query)).events.map(({ id }) => id);
}

/** Every event kept after a cursor, page by page. */
export async function readAll(eventLog: EventLogStore, query: EventQuery = {}): Promise<PersistedEvent[]> {
  const found: PersistedEvent[] = [];
  for (let page = await eventLog.query({ afterSeq: 0, ...query }); ;) {
    found.push(...page.events);
    if (!page.more) return found;
    page = await eventLog.query({ ...query, afterSeq: page.scannedTo });
  }
}
