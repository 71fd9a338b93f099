import { relative } from 'node:path';

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: begun last, one of them would run alone while the other cores wait. */
const LONGEST = [
  'packages/contract-kit/src/card/planted-faults.test.ts',
  'plugins/store-postgres/test/contract.test.ts',
  'plugins/store-sqlite/test/contract.test.ts',
  'apps/reference/test/mob-engine.test.ts',
  'packages/mob/src/engine/mob.property.test.ts',
  'packages/event-log/src/spool/killed.test.ts',
  'test-e2e/scenarios/bench.test.ts',
  'test-e2e/scenarios/store.test.ts',
  'test-e2e/scenarios/two-runtimes.test.ts',
  'test-e2e/scenarios/restart.test.ts',
  'test-e2e/scenarios/transfer.test.ts',
  'test-e2e/scenarios/runtime-lifecycle.test.ts',
  'test-e2e/scenarios/members.test.ts',
  'test-e2e/scenarios/gating.test.ts',
  'apps/faults/src/simulation.test.ts',
];

/** Begins with the files that take longest. What is not among them runs in vitest's own order, largest first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.indexOf(relative(this.ctx.config.root, moduleId));
      return at < 0 ? LONGEST.length : at;
    };
    // Stable: equal ranks stay as vitest has put them, and so do the groups of projects.
    // oxlint-disable-next-line unicorn/no-array-sort -- no array's: it returns a new one
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
