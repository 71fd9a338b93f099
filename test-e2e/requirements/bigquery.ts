import type { Requirement } from '../requirement.js';

export const bigqueryRequirements: readonly Requirement[] = [];
