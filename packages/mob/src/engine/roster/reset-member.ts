import type { MemberSnapshot } from '@mobkit/core/mob';

import type { LedgerItem } from '../../ledger/ledger-definition.js';
import { kickoffItem } from '../../members/kickoff-item.js';
import type { Member } from '../../members/member.js';
import { settingsOf } from '../../members/member-settings.js';
import { newSession } from '../../members/new-session.js';
import type { Crew } from './crew.js';
import { messagesTo } from './remove-members.js';
import { specToRepeat } from './respawn.js';

/**
 * Gives a member an empty session under its next generation, in one commit: either that is kept or it stays as it is. Part of a
 * command.
 *
 * @throws as `MobRoster.resetMember`.
 */
export async function resetMember(crew: Crew, identity: string): Promise<MemberSnapshot> {
  const { context } = crew;
  const { ledger, clock } = context;
  const member = crew.expectMember(identity);
  const spec = await specToRepeat(context, member);
  await member.retire('The member is reset');
  const refused = () => member.cancelRetiring();
  const deletes = await messagesTo(context, [member]).catch((error: unknown) => {
    refused();
    throw error;
  });
  const generation = ledger.roster.nextGeneration(identity);
  const { role, labels } = member.entry;
  const session = newSession(context, {
    identity,
    generation,
    role,
    labels,
    settings: settingsOf(spec),
    ...(spec.additionalInstructions && { additionalInstructions: spec.additionalInstructions }),
  });
  const archived = member.session ? [member.session.putArchived(clock.now())] : [];
  await ledger.append({
    items: [
      ...endOfKickoff(member, clock.now()),
      resetItem(member, generation, ledger.roster.nextFence, session.id),
    ],
    beside: { puts: [...archived, session.put()], deletes },
    applied: () => {
      member.leave();
      crew.adopt(identity, session, member.tools);
    },
    refused,
  });
  return crew.expectMember(identity).snapshot();
}

function resetItem(
  { entry: { identity, generation: before } }: Member,
  generation: number,
  fenceToken: number,
  sessionId: string,
): LedgerItem {
  return {
    kind: {
      type: 'member_reset',
      agent_identity: identity,
      previous_generation: before,
      new_generation: generation,
      fence_token: fenceToken,
      agent_runtime_id: { identity, generation },
    },
    sessionId,
  };
}

/** The message of a first turn that did not begin goes with the others. */
function endOfKickoff({ entry: { identity, kickoff } }: Member, nowMs: number): readonly LedgerItem[] {
  if (kickoff !== 'pending' && kickoff !== 'starting') return [];
  return [kickoffItem(identity, 'cancelled', nowMs, 'The member was reset before its first turn')];
}
