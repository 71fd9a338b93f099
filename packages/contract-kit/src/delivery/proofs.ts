import type { Proofs } from '../proofs.js';
import { admittingProofs } from './admitting.js';
import { carryingProofs } from './carrying.js';
import { keepingProofs } from './keeping.js';
import type { DeliveryStage } from './stage.js';

/** What every delivery does, in the order of the contract. */
export const deliveryProofs: readonly Proofs<DeliveryStage>[] = [
  carryingProofs,
  admittingProofs,
  keepingProofs,
];
