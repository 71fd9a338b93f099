import type { Requirement } from '../requirement.js';

/** What happens when it is due, once. */
export const schedulesRequirements: readonly Requirement[] = [];
