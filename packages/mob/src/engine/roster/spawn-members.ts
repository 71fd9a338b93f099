import type { MemberSnapshot, SpawnMemberSpec } from '@mobkit/core/mob';

import { planSpawn, type SpawnPlan } from '../spawn-plan.js';
import type { UnansweredSpawns } from '../unanswered-spawns.js';
import type { Crew } from './crew.js';
import type { SpawnSource } from './check-spawn-spec.js';
import { customizeSpawn } from './customize-spawn.js';
import { inChunks } from './in-chunks.js';
import { type Launch, prepareLaunch } from './launch.js';
import { PlannedRoster } from './planned-roster.js';
import { concernsOne } from './retire-members.js';
import { settleIn, spawnWrites } from './spawn-writes.js';

export interface SpawnRequest {
  readonly spec: SpawnMemberSpec;
  /** Whoever has the identity already will do. */
  readonly ensure: boolean;
  /** @defaultValue `spawn` */
  readonly source?: SpawnSource;
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
  for (const chunk of inChunks(requests)) {
    const prepared = await Promise.all(chunk.map((request) => prepare(deps.crew, request)));
    answers.push(...(await spawnChunk(deps, prepared)));
  }
  return answers;
}

/** A request with what had to be fetched for it, or why it cannot be done. */
interface Prepared {
  readonly request: SpawnRequest;
  readonly ready?: { readonly spec: SpawnMemberSpec; readonly launch: Launch };
  readonly error?: unknown;
}

async function prepare(crew: Crew, request: SpawnRequest): Promise<Prepared> {
  const { spec: given, ensure, source = 'spawn' } = request;
  if (ensure && crew.members.has(given.identity)) return { request };
  try {
    const spec = customizeSpawn(crew.context.customizeSpawn, given, source);
    return { request, ready: { spec, launch: await prepareLaunch(crew, spec) } };
  } catch (error) {
    return { request, error };
  }
}

/** What is to be done for one request: a member to write, one to answer with, or why there is none. */
type Decision = { readonly plan: SpawnPlan } | { readonly there: string } | { readonly error: unknown };

async function spawnChunk(deps: SpawnDeps, prepared: readonly Prepared[]): Promise<readonly SpawnAnswer[]> {
  const { crew, unanswered } = deps;
  const roster = new PlannedRoster(crew);
  const decisions = prepared.map((one) => decide(deps, one, roster));
  const plans = decisions.flatMap((decision) => ('plan' in decision ? [decision.plan] : []));
  try {
    if (plans.length > 0) await keepSpawns(crew, plans);
  } catch (error) {
    if (concernsOne(error) && prepared.length > 1) {
      const alone: SpawnAnswer[] = [];
      for (const one of prepared) alone.push(...(await spawnChunk(deps, [one])));
      return alone;
    }
    return decisions.map((decision, at) => {
      if ('plan' in decision && crew.context.ledger.inDoubt) unanswered.add(prepared[at]!.request.spec);
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
  { request: { spec: given, ensure }, ready, error }: Prepared,
  roster: PlannedRoster,
): Decision {
  const { identity } = given;
  const repeated = unanswered.take(given);
  if ((repeated || ensure) && roster.has(identity)) return { there: identity };
  if (!ready) return { error };
  try {
    const plan = planSpawn(crew.context, ready.spec, roster, { launch: ready.launch });
    roster.add(plan);
    return { plan };
  } catch (refusal) {
    return { error: refusal };
  }
}

async function keepSpawns({ context, adopt }: Crew, plans: readonly SpawnPlan[]): Promise<void> {
  const written = plans.map((plan) => spawnWrites(context.mobId, plan));
  await context.ledger.append({
    items: plans.flatMap(({ items }) => items),
    beside: {
      puts: written.flatMap(({ puts }) => puts),
      appends: written.flatMap(({ appends }) => appends),
    },
    applied: () => plans.forEach((plan) => settleIn({ context, adopt }, plan)),
  });
}
