import type { RuntimeService } from './runtime-service.js';

/** Decides whether a risky action may happen, and has people decide where it may not by itself. */
export interface Gate extends RuntimeService {
  /** Which tiers of risk it knows, the harmless first. */
  readonly tiers: readonly RiskTier[];
}

/** How risky an action is, from `r0`, which anybody may do, to `r3`, which a person has to allow. */
export type RiskTier = 'r0' | 'r1' | 'r2' | 'r3';
