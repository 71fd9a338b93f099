import type { MemberSnapshot, SpawnMemberSpec } from '@mobkit/core/mob';

import { inputKey, inputsDefinition, toInputRecord } from '../../members/input.js';
import { planSpawn, type SpawnPlan } from '../spawn-plan.js';
import type { UnansweredSpawns } from '../unanswered-spawns.js';
import type { Crew } from './crew.js';
import { inChunks } from './in-chunks.js';
import { PlannedRoster } from './planned-roster.js';
import { concernsOne } from './retire-members.js';

export interface SpawnRequest {
  readonly spec: SpawnMemberSpec;
  /** Whoever has the identity already will do. */
  readonly ensure: boolean;
}

export type SpawnAnswer =
  | { readonly member: MemberSnapshot; readonly spawned: boolean }
  | { readonly error: unknown };

export interface SpawnDeps {
  readonly crew: Crew;
  readonly unanswered: UnansweredSpawns;
}

/** Spawns members in their order, many in one commit, and answers for each. Part of a command; does not throw. */
export async function spawnMembers(
  deps: SpawnDeps,
  requests: readonly SpawnRequest[],
): Promise<readonly SpawnAnswer[]> {
  const answers: SpawnAnswer[] = [];
  for (const chunk of inChunks(requests)) answers.push(...(await spawnChunk(deps, chunk)));
  return answers;
}

/** What is to be done for one request: a member to write, one to answer with, or why there is none. */
type Decision = { readonly plan: SpawnPlan } | { readonly there: string } | { readonly error: unknown };

async function spawnChunk(
  deps: SpawnDeps,
  requests: readonly SpawnRequest[],
): Promise<readonly SpawnAnswer[]> {
  const { crew, unanswered } = deps;
  const roster = new PlannedRoster(crew);
  const decisions = requests.map((request) => decide(deps, request, roster));
  const plans = decisions.flatMap((decision) => ('plan' in decision ? [decision.plan] : []));
  try {
    if (plans.length > 0) await keepSpawns(crew, plans);
  } catch (error) {
    if (concernsOne(error) && requests.length > 1) {
      const alone: SpawnAnswer[] = [];
      for (const request of requests) alone.push(...(await spawnChunk(deps, [request])));
      return alone;
    }
    return decisions.map((decision, at) => {
      if ('plan' in decision && crew.context.ledger.inDoubt) unanswered.add(requests[at]!.spec);
      return 'error' in decision ? decision : { error };
    });
  }
  return decisions.map((decision): SpawnAnswer => {
    if ('error' in decision) return decision;
    const spawned = 'plan' in decision;
    const identity = spawned ? decision.plan.identity : decision.there;
    return { member: crew.expectMember(identity).snapshot(), spawned };
  });
}

function decide(
  { crew, unanswered }: SpawnDeps,
  { spec, ensure }: SpawnRequest,
  roster: PlannedRoster,
): Decision {
  const { identity } = spec;
  const repeated = unanswered.take(spec);
  if ((repeated || ensure) && roster.has(identity)) return { there: identity };
  try {
    const plan = planSpawn(crew.context, spec, roster);
    roster.add(plan);
    return { plan };
  } catch (error) {
    return { error };
  }
}

async function keepSpawns({ context, adopt }: Crew, plans: readonly SpawnPlan[]): Promise<void> {
  const { ledger, mobId } = context;
  const firsts = plans.map(({ identity, generation, firstInput: input }) => {
    if (!input) return undefined;
    return { input, key: inputKey(mobId, { identity, generation }, 1), identity };
  });
  const inputs = firsts.flatMap((first) => {
    if (!first) return [];
    const { key, identity, input } = first;
    return [{ records: inputsDefinition, key, record: toInputRecord(mobId, identity, input) }];
  });
  await ledger.append({
    items: plans.flatMap(({ items }) => items),
    beside: { puts: [...plans.map(({ session }) => session.put()), ...inputs] },
    applied: () => {
      for (const [at, { identity, session }] of plans.entries()) {
        const member = adopt(identity, session);
        const first = firsts[at];
        if (first) member.inbox.hold(first.key, first.input);
        member.wake();
      }
    },
  });
}
