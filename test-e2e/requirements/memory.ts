import type { Requirement } from '../requirement.js';

/** What is asserted, and where it contradicts itself. */
export const memoryRequirements: readonly Requirement[] = [];
