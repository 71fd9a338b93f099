import type { Storage } from '@mobkit/core';

/** What the chapters about a `Storage` are given. */
export interface StorageStore {
  readonly storage: Storage;
}
