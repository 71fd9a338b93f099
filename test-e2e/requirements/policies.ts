import type { Requirement } from '../requirement.js';

/** What is checked before a runtime is built, and how its configuration is found. */
export const policiesRequirements: readonly Requirement[] = [];
