import type { EventArchive } from '@mobkit/core';

/** What the chapters about an `EventArchive` are given. */
export interface ArchiveStore {
  readonly archive: EventArchive;
}
