import { tail } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { testLog } from '../makers.js';
import type { StorageStore } from './storage-store.js';

export const closingChapter: Chapter<StorageStore> = { name: 'closing', tests };

function tests({ store, close }: Given<StorageStore>): void {
  it('[store.close] closes twice, refuses calls after it and lets no reader wait', async () => {
    const log = store().storage.log(testLog);
    const waiting = tail(log, { afterSeq: 0 })
      .next()
      .catch((error: unknown) => error);
    await log.read({});
    await close();
    await close();
    expect(await waiting).toBeInstanceOf(TypeError);
    await expect(log.read({})).rejects.toThrow(TypeError);
  });
}
