import { identityProblem } from '@mobkit/core/mob';
import { known } from './check-profiles.js';
import type { CheckedDefinition } from './definition-schema.js';
import { error, type Finding } from './finding.js';

export function checkMembers({ profiles, members = [] }: CheckedDefinition): Finding[] {
  const findings: Finding[] = [];
  const firstAt = new Map<string, number>();
  for (const [at, { identity, profile: role }] of members.entries()) {
    const path = ['members', at];
    const problem = identityProblem(identity);
    if (problem !== undefined) findings.push(error('invalid_identity', [...path, 'identity'], problem));
    const first = firstAt.get(identity);
    if (first === undefined) firstAt.set(identity, at);
    else {
      const message = `"${identity}" is the identity of members[${first}] already: give it another`;
      findings.push(error('duplicate_member', [...path, 'identity'], message));
    }
    const profile = Object.hasOwn(profiles, role) ? profiles[role] : undefined;
    if (!profile) {
      const message = `There is no profile "${role}"${known(Object.keys(profiles))}`;
      findings.push(error('unknown_member_profile', [...path, 'profile'], message));
    } else if (profile.tools?.comms !== true) {
      const message = `Profile "${role}" has no comms, so that no member can be made from it: set its tools.comms to true`;
      findings.push(error('member_without_comms', [...path, 'profile'], message));
    }
  }
  return findings;
}
