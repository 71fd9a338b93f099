import type { Requirement } from './requirement.js';
import { appRequirements } from './requirements/app.js';
import { runtimeRequirements } from './requirements/runtime.js';
import { workspaceRequirements } from './requirements/workspace.js';

/** Every behaviour promised so far; `requirements.test.ts` fails when one has no test. */
export const requirements: readonly Requirement[] = [
  ...appRequirements,
  ...runtimeRequirements,
  ...workspaceRequirements,
];
