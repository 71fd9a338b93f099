import type { DeliveryHarness } from './delivery/harness.js';
import { deliveryProofs } from './delivery/proofs.js';
import { DeliveryStage } from './delivery/stage.js';
import { describeProofs } from './proofs.js';

/** Registers the tests every `Delivery` passes. Call it at the top level of a vitest file. */
export function describeDelivery(harness: DeliveryHarness): void {
  const open = async () => new DeliveryStage(await harness.open());
  describeProofs(`Delivery contract: ${harness.name}`, open, deliveryProofs);
}
