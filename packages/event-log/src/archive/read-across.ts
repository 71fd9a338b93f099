import type { EventArchive, EventLogStore } from '@mobkit/core';

import { queryAcross } from './query-across.js';

/** What `readAcross` reads from. It closes neither. */
export interface ReadAcrossOptions {
  /** The log that took the events. */
  readonly primary: EventLogStore;
  /** Its archive, and that of no other log. */
  readonly archive: EventArchive;
}

/**
 * Reads a log whose past is in an archive, as `archivedEventLog` does, and ships nothing: for a process that only looks.
 *
 * @throws what `EventArchive.bounds` throws, e.g. MobError `MOB_STORE_UNAVAILABLE`, retryable.
 */
export async function readAcross({
  primary,
  archive,
}: ReadAcrossOptions): Promise<Pick<EventLogStore, 'query'>> {
  const tiers = { primary, archive, known: await archive.bounds() };
  return { query: (query) => queryAcross(tiers, query) };
}
