import type { Requirement } from './requirement.js';

/** Every behaviour promised so far; `requirements.test.ts` fails when one has no test. */
export const requirements: readonly Requirement[] = [];
