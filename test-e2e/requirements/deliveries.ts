import type { Requirement } from '../requirement.js';

/** How messages leave the mob: records, attempts, limits, dead letters. */
export const deliveriesRequirements: readonly Requirement[] = [];
