import type { Requirement } from '../requirement.js';

export const packagesRequirements: readonly Requirement[] = [];
