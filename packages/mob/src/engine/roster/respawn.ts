import type { MemberSnapshot, SpawnMemberSpec } from '@mobkit/core/mob';

import type { Member } from '../../members/member.js';
import { specOfSettings } from '../../members/member-settings.js';
import { externalPeerItem } from '../comms/external-peers.js';
import type { MobContext } from '../mob-context.js';
import { planSpawn } from '../spawn-plan.js';
import type { Crew } from './crew.js';
import { customizeSpawn } from './customize-spawn.js';
import { keptRecord } from './kept-record.js';
import { prepareLaunch } from './launch.js';
import { PlannedRoster } from './planned-roster.js';
import { leavingItems, messagesTo } from './remove-members.js';
import { settleIn, spawnWrites } from './spawn-writes.js';

/**
 * Retires a member and spawns it again, wired as before, in one commit: either both are kept or it stays as it is. Part of a
 * command.
 *
 * @throws as `MobRoster.respawn`.
 */
export async function respawnMember(
  crew: Crew,
  identity: string,
  initialMessage: string | undefined,
): Promise<MemberSnapshot> {
  const { context } = crew;
  const { ledger, mobId, clock } = context;
  const member = crew.expectMember(identity);
  const given = await specToRepeat(context, member, initialMessage);
  const spec = customizeSpawn(context.customizeSpawn, given, 'respawn');
  const launch = await prepareLaunch(crew, spec);
  const roster = new PlannedRoster(crew, identity);
  const plan = planSpawn(context, spec, roster, { launch, wiredTo: member.entry.wiredTo });
  await member.retire('The member is respawned');
  const refused = () => member.cancelRetiring();
  const deletes = await messagesTo(context, [member]).catch((error: unknown) => {
    refused();
    throw error;
  });
  const { puts, appends } = spawnWrites(mobId, plan);
  const { session } = member;
  const archived = session && session.id !== plan.session.id ? [session.putArchived(clock.now())] : [];
  await ledger.append({
    items: [
      ...leavingItems([member.entry]),
      ...plan.items,
      ...member.entry.externalPeers.map((peer) => externalPeerItem(identity, peer)),
    ],
    beside: {
      puts: [...archived, ...puts],
      deletes,
      appends,
    },
    applied: () => {
      member.leave();
      settleIn(crew, plan);
    },
    refused,
  });
  return crew.expectMember(identity).snapshot();
}

/** What would spawn it as it is now. */
export async function specToRepeat(
  context: MobContext,
  { entry, session, tools }: Pick<Member, 'entry' | 'session' | 'tools'>,
  initialMessage?: string,
): Promise<SpawnMemberSpec> {
  const { identity, role: profile, runtimeMode, labels } = entry;
  const record = session?.record ?? (await keptRecord(context, entry.sessionId));
  const { additional_instructions: additionalInstructions } = record ?? {};
  return {
    identity,
    profile,
    runtimeMode,
    labels,
    ...(record && specOfSettings(record)),
    ...(additionalInstructions && { additionalInstructions }),
    ...(tools.length > 0 && { tools }),
    ...(initialMessage !== undefined && { initialMessage }),
  };
}
