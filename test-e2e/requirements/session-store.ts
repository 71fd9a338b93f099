import type { Requirement } from '../requirement.js';

export const sessionStoreRequirements: readonly Requirement[] = [];
