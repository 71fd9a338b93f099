import type { AppendWrite, PutWrite } from '@mobkit/core';

import { inputKey, inputsDefinition, toInputRecord } from '../../members/input.js';
import type { SpawnPlan } from '../spawn-plan.js';
import type { Crew } from './crew.js';

/** What is kept beside the ledger for a new member: its session, and its first message. */
export function spawnWrites(
  mobId: string,
  plan: SpawnPlan,
): { readonly puts: readonly PutWrite[]; readonly appends: readonly AppendWrite[] } {
  const { session, opening, identity, firstInput } = plan;
  const first = firstInput && {
    records: inputsDefinition,
    key: firstKey(mobId, plan),
    record: toInputRecord(mobId, identity, firstInput),
  };
  return { puts: [session.put(), ...(first ? [first] : [])], appends: opening ? [opening] : [] };
}

/** Gives a member that is kept its place in this process, and lets it work. */
export function settleIn({ context, adopt }: Pick<Crew, 'context' | 'adopt'>, plan: SpawnPlan): void {
  const member = adopt(plan.identity, plan.session, plan.tools);
  if (plan.firstInput) member.inbox.hold(firstKey(context.mobId, plan), plan.firstInput);
  member.wake();
}

function firstKey(mobId: string, { identity, generation }: SpawnPlan): string {
  return inputKey(mobId, { identity, generation }, 1);
}
