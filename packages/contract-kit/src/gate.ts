import { type GateHarness, GateStage } from './gate/gate-stage.js';
import { gateProofs } from './gate/proofs.js';
import { describeProofs } from './proofs.js';

/** Registers the tests every `Gate` passes. Call it at the top level of a vitest file. */
export function describeGate(harness: GateHarness): void {
  describeProofs(`Gate contract: ${harness.name}`, () => GateStage.open(harness), gateProofs);
}
