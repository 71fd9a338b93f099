import { afterEach, beforeEach, describe, it } from 'vitest';

import type { OpenedSource, Promised, SourceHarness } from './source.js';

/** Registers what proves the promises that can be asked of a source. */
export function describeSource<T, A>(
  contract: string,
  harness: SourceHarness<T, A>,
  promises: readonly Promised<T, A>[],
): void {
  describe(`${contract} contract: ${harness.name}`, () => {
    let opened: OpenedSource<T, A> | undefined;
    beforeEach(async () => {
      opened = undefined;
      opened = await harness.open();
    });
    afterEach(async () => {
      await opened?.close();
    });
    const applying = promises.filter(({ notFor }) => notFor?.(harness) !== true);
    for (const { chapter, title, prove } of applying) {
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- what a promise is called and what proves it stand together
      it(`${chapter}: ${title}`, async () => {
        if (!opened) throw new Error('The source could not be opened');
        await prove(opened, harness);
      });
    }
  });
}
