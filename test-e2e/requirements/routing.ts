import type { Requirement } from '../requirement.js';

/** Where messages go: routes, resolutions, and who may be believed about them. */
export const routingRequirements: readonly Requirement[] = [];
