import type { Diagnostic, MobDefinition } from '@mobkit/core/mob';

import { checkBackend } from './check-backend.js';
import { checkFlows } from './check-flows.js';
import { checkMembers } from './check-members.js';
import { checkProfiles } from './check-profiles.js';
import { checkRoles } from './check-roles.js';
import { checkShape } from './check-shape.js';
import { type Finding, toDiagnostic } from './finding.js';
import { documentPath } from './path.js';
import { findUnstorable } from './plain-data.js';

/**
 * Everything wrong or doubtful in a definition, whoever made it: shapes first, and when those are right, what its parts
 * say about each other. Locations are those of the TOML form, so that the id is at `mob.id`. Never throws; reads nothing.
 */
export function checkDefinition(definition: MobDefinition): Diagnostic[] {
  return findProblems(definition).map((finding) => toDiagnostic(finding));
}

/** As `checkDefinition`, for any value. */
export function findProblems(given: unknown): readonly Finding[] {
  const unstorable = findUnstorable(given);
  if (unstorable.length > 0)
    return unstorable.map((finding) => ({ ...finding, path: documentPath(finding.path) }));
  const { definition, findings } = checkShape(given);
  if (!definition) return findings;
  return [
    ...findings,
    ...checkProfiles(definition),
    ...checkMembers(definition),
    ...checkRoles(definition),
    ...checkBackend(definition),
    ...checkFlows(definition),
  ];
}
