import { describeContract } from './chapter.js';
import { archiveChapters } from './event-archive/chapters.js';
import type { ArchiveStore } from './event-archive/archive-store.js';
import type { Harness } from './harness.js';

/** Registers the tests every `EventArchive` passes. Call it at the top level of a vitest file. */
export function describeEventArchive(harness: Harness<ArchiveStore>): void {
  describeContract('EventArchive', harness, archiveChapters);
}
