import type { AgentDiscoverySpec } from '@mobkit/core';
import { type MemberSnapshot, spawnSpecOf } from '@mobkit/core/mob';

import type { MemberPlan, PlannedMember, PlannedSpawn } from './shape-plan.js';

/** What a plan has to know of a member. */
export type RosterMember = Pick<MemberSnapshot, 'identity' | 'role' | 'status' | 'labels' | 'wiredTo'>;

/**
 * Compares a roster with the desired one: who is missing is spawned, who is there is retained, everybody else is retired.
 * Without a desired roster everybody stays.
 *
 * @param roster - Sorted by identity.
 */
export function planMembers(
  desired: readonly AgentDiscoverySpec[] | undefined,
  roster: readonly RosterMember[],
): MemberPlan {
  if (!desired) {
    return { spawn: [], retain: roster.map((member) => kept(member, undefined)), retire: [] };
  }
  const wanted = new Map(desired.map((spec) => [spec.identity, spec]));
  const there = new Set<string>();
  const retain: PlannedMember[] = [];
  const retire: PlannedMember[] = [];
  for (const member of roster) {
    const { identity, role } = member;
    there.add(identity);
    const spec = wanted.get(identity);
    if (spec) retain.push(kept(member, spec));
    else retire.push({ identity, role, reason: 'is there and not desired' });
  }
  const spawn: PlannedSpawn[] = [];
  for (const spec of wanted.values()) {
    if (there.has(spec.identity)) continue;
    const reason = 'is desired and not there';
    spawn.push({ identity: spec.identity, role: spec.profile, reason, spec: spawnSpecOf(spec) });
  }
  return { spawn, retain, retire };
}

function kept(member: RosterMember, spec: AgentDiscoverySpec | undefined): PlannedMember {
  const { identity, role } = member;
  const there = spec ? 'is desired and there' : 'is there';
  const reason = member.status === 'active' ? there : `${there}, ${member.status}`;
  const differs = spec ? differences(member, spec) : [];
  return { identity, role, reason, ...(differs.length > 0 && { differs }) };
}

function differences(member: RosterMember, { profile, labels = {} }: AgentDiscoverySpec) {
  const names = Object.keys(labels);
  const same =
    names.length === Object.keys(member.labels).length &&
    names.every((name) => member.labels[name] === labels[name]);
  return [...(member.role === profile ? [] : (['profile'] as const)), ...(same ? [] : (['labels'] as const))];
}
