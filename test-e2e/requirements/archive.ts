import type { Requirement } from '../requirement.js';

export const archiveRequirements: readonly Requirement[] = [];
