import { afterEach, describe, it } from 'vitest';

import { askingTests } from './gate/asking.js';
import { callTests } from './gate/calls.js';
import { decidingTests } from './gate/deciding.js';
import { type GateHarness, GateStage } from './gate/gate-stage.js';

/** Registers the tests every `Gate` passes. Call it at the top level of a vitest file. */
export function describeGate(harness: GateHarness): void {
  describe(`Gate contract: ${harness.name}`, () => {
    const stages: GateStage[] = [];
    afterEach(async () => {
      for (const stage of stages.splice(0)) await stage.close();
    });
    for (const register of [askingTests, decidingTests, callTests]) {
      register((title, prove) => {
        // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- a promise has its title and proves itself
        it(title, async () => {
          const stage = await GateStage.open(harness);
          stages.push(stage);
          await prove(stage);
        });
      });
    }
  });
}
