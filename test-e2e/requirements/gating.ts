import type { Requirement } from '../requirement.js';

/** Risky actions and who allows them. */
export const gatingRequirements: readonly Requirement[] = [];
