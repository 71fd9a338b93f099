import { type ErrorHook, errorText, isMobError } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';

import { inParallel } from './in-parallel.js';
import type { MemberPlan } from './shape-plan.js';
import type { FailureText, MemberFailure, MembersReport } from './shape-report.js';

/**
 * Makes the roster what the plan says. Who goes goes first, so that a mob at the limit of its sessions has room for who comes.
 * Never rejects: one that failed does not keep the others, is told as `spawn_failure` and stands in the next plan again.
 */
export async function applyMembers(
  mob: MobHandle,
  plan: MemberPlan,
  onError: ErrorHook,
): Promise<Omit<MembersReport, 'desired'>> {
  const retiring = await inParallel(plan.retire, ({ identity }) => retire(mob, identity));
  const { spawned, failures } = await spawnAll(mob, plan.spawn, onError);
  return {
    retained: plan.retain.map(({ identity }) => identity),
    spawned,
    retired: plan.retire.filter((_, at) => !retiring[at]).map(({ identity }) => identity),
    failures: [...retiring.filter((failure) => failure !== undefined), ...failures],
  };
}

/** Spawns all of a plan; an error of the whole is one of each. */
export async function spawnAll(mob: MobHandle, planned: MemberPlan['spawn'], onError: ErrorHook) {
  const spawned: string[] = [];
  const failures: MemberFailure[] = [];
  const fail = (identity: string, role: string, error: unknown) => {
    failures.push({ identity, stage: 'spawn', error: failureText(error) });
    onError({ category: 'spawn_failure', memberId: identity, profile: role, error: errorText(error) });
  };
  if (planned.length === 0) return { spawned, failures };
  try {
    const outcomes = await mob.spawnMany(planned.map(({ spec }) => spec));
    for (const [at, { identity, role }] of planned.entries()) {
      const outcome = outcomes[at];
      if (outcome && 'member' in outcome) spawned.push(identity);
      else fail(identity, role, outcome?.error ?? new Error('The engine did not answer for it'));
    }
  } catch (error) {
    for (const { identity, role } of planned) fail(identity, role, error);
  }
  return { spawned, failures };
}

async function retire(mob: MobHandle, identity: string): Promise<MemberFailure | undefined> {
  try {
    await mob.retire(identity);
    return undefined;
  } catch (error) {
    return { identity, stage: 'retire', error: failureText(error) };
  }
}

function failureText(error: unknown): FailureText {
  return { ...(isMobError(error) && { code: error.code }), message: errorText(error) };
}
