import { afterEach, beforeEach, describe, it } from 'vitest';

import { decidingPromises } from './router/deciding.js';
import type { RouterHarness } from './router/harness.js';
import { RouterStage } from './router/stage.js';
import { tablePromises } from './router/table.js';
import { trustPromises } from './router/trust.js';

/** Registers the tests that every `Router` with a table passes. Call it at the top level of a vitest file. */
export function describeRouter(harness: RouterHarness): void {
  describe(`[routing.contract] Router contract: ${harness.name}`, () => {
    let stage: RouterStage | undefined;
    beforeEach(async () => {
      stage = undefined;
      stage = await RouterStage.open(harness);
    });
    afterEach(async () => {
      await stage?.close();
    });
    for (const { chapter, title, prove } of [...decidingPromises, ...tablePromises, ...trustPromises]) {
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- what a promise is called and what proves it stand together
      it(`${chapter}: ${title}`, async () => {
        if (!stage) throw new Error('The storage could not be opened');
        await prove(stage);
      });
    }
  });
}
