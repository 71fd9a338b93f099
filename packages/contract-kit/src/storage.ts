import { describeContract } from './chapter.js';
import type { Harness } from './harness.js';
import { testLog, testRecords } from './makers.js';
import { storageChapters } from './storage/chapters.js';
import type { StorageStore } from './storage/storage-store.js';

/** Registers the tests every `Storage` passes. Call it at the top level of a vitest file. */
export function describeStorage(harness: Harness<StorageStore>): void {
  describeContract('Storage', harness, storageChapters, ({ storage }) =>
    storage.prepare([testLog, testRecords]),
  );
}
