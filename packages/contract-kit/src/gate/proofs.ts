import type { Proofs } from '../proofs.js';
import { askingProofs } from './asking.js';
import { callProofs } from './calls.js';
import { decidingProofs } from './deciding.js';
import type { GateStage } from './gate-stage.js';

/** What every gate does. */
export const gateProofs: readonly Proofs<GateStage>[] = [askingProofs, decidingProofs, callProofs];
