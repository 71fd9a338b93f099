import type { Requirement } from '../requirement.js';

/** Ways out of the mob, and deliveries asked for in the transaction of somebody else. */
export const sinksRequirements: readonly Requirement[] = [];
