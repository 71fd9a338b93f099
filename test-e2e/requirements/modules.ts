import type { Requirement } from '../requirement.js';

/** Helper processes: how they are started, supervised, asked and ended. */
export const modulesRequirements: readonly Requirement[] = [];
