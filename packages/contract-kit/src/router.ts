import { describeProofs } from './proofs.js';
import type { RouterHarness } from './router/harness.js';
import { routerProofs } from './router/proofs.js';
import { RouterStage } from './router/stage.js';

/** Registers the tests that every `Router` with a table passes. Call it at the top level of a vitest file. */
export function describeRouter(harness: RouterHarness): void {
  describeProofs(
    `[routing.contract] Router contract: ${harness.name}`,
    () => RouterStage.open(harness),
    routerProofs,
  );
}
