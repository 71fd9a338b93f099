import { describe, it } from 'vitest';

import type { ModuleHostHarness } from './module-host/harness.js';
import { moduleHostPromises } from './module-host/promises.js';
import { Watched } from './module-host/watched.js';

/** Registers the tests every `ModuleHost` passes. Call it at the top level of a vitest file. */
export function describeModuleHost(harness: ModuleHostHarness): void {
  describe(`ModuleHost contract: ${harness.name}`, () => {
    for (const { chapter, title, prove } of moduleHostPromises) {
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- what a promise is called and what proves it stand together
      it(`${chapter}: ${title}`, async () => {
        const watched = new Watched(harness);
        try {
          await prove(watched);
        } finally {
          await watched.close();
        }
      });
    }
  });
}
