import { identityProblem } from '@mobkit/core/mob';

import { known } from './check-profiles.js';
import type { CheckedDefinition } from './definition-schema.js';
import { error, type Finding } from './finding.js';
import type { Path } from './path.js';

/** Checks that what names a role, outside members and flows, names a profile. */
export function checkRoles({
  profiles,
  wiring,
  topology,
  supervisor,
  spawn_policy: policy,
}: CheckedDefinition): Finding[] {
  const findings: Finding[] = [];
  const check = (code: string, path: Path, role: string) => {
    if (Object.hasOwn(profiles, role)) return;
    findings.push(error(code, path, `There is no profile "${role}"${known(Object.keys(profiles))}`));
  };
  for (const [at, { a, b }] of (wiring?.role_wiring ?? []).entries()) {
    check('invalid_wiring_profile', ['wiring', 'role_wiring', at, 'a'], a);
    check('invalid_wiring_profile', ['wiring', 'role_wiring', at, 'b'], b);
  }
  for (const [at, rule] of (topology?.rules ?? []).entries()) {
    for (const end of ['from_role', 'to_role'] as const) {
      if (rule[end] !== '*') check('topology_unknown_role', ['topology', 'rules', at, end], rule[end]);
    }
  }
  if (supervisor) check('flow_unknown_role', ['supervisor', 'role'], supervisor.role);
  for (const [identity, role] of Object.entries(policy?.mode === 'auto' ? policy.profile_map : {})) {
    const path = ['spawn_policy', 'profile_map', identity];
    const problem = identityProblem(identity);
    if (problem !== undefined) findings.push(error('invalid_identity', path, problem));
    check('spawn_policy_unknown_profile', path, role);
  }
  return findings;
}
