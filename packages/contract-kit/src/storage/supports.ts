import { expect, it } from 'vitest';

import type { Chapter, Given } from '../chapter.js';
import type { StorageStore } from './storage-store.js';

export const supportsChapter: Chapter<StorageStore> = { name: 'supports', tests };

function tests({ store, harness }: Given<StorageStore>): void {
  it('[store.supports] supports what the harness says', () => {
    const said = { durable: harness.reopen !== undefined, processes: 'one', cursor: 'strict' };
    expect(store().storage.supports).toEqual({ ...said, ...harness.supports });
  });

  it('is durable where it can be reopened, and only there', () => {
    expect(store().storage.supports.durable).toBe(harness.reopen !== undefined);
    expect(harness.child === undefined || harness.reopen !== undefined).toBe(true);
  });
}
