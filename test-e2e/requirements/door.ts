import type { Requirement } from '../requirement.js';

export const doorRequirements: readonly Requirement[] = [];
