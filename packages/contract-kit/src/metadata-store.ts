import { describeContract } from './chapter.js';
import type { Harness } from './harness.js';
import { metadataChapters, type MetadataStore } from './metadata/chapters.js';

/** Registers the tests every `PersistentMetadataStore` passes. Call it at the top level of a vitest file. */
export function describeMetadataStore(harness: Harness<MetadataStore>): void {
  describeContract('PersistentMetadataStore', harness, metadataChapters);
}
