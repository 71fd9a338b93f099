import { afterEach, beforeEach, describe } from 'vitest';

import { mobChapters } from './mob/chapters.js';
import type { MobHarness } from './mob/harness.js';
import { Stage } from './mob/stage.js';

/** Registers the tests every `MobEngine` passes. Call it at the top level of a vitest file. */
export function describeMob(harness: MobHarness): void {
  describe(`MobEngine contract: ${harness.name}`, () => {
    let opened: Awaited<ReturnType<MobHarness['open']>> | undefined;
    let stage: Stage | undefined;
    const given = () => {
      if (!stage) throw new Error('The storage could not be opened');
      return stage;
    };
    beforeEach(async () => {
      stage = undefined;
      opened = await harness.open();
      stage = new Stage(harness, opened.storage);
    });
    afterEach(async () => {
      await stage?.close();
      await opened?.close();
    });
    for (const { name, tests } of mobChapters) {
      // oxlint-disable-next-line vitest/valid-title -- the name of a chapter is its title
      describe(name, () => {
        tests(given);
      });
    }
  });
}
