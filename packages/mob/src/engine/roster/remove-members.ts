import type { DeleteWrite } from '@mobkit/core';

import type { LedgerItem } from '../../ledger/ledger-definition.js';
import type { RosterMember } from '../../ledger/roster.js';
import { edge } from '../../members/auto-wiring.js';
import { inputsDefinition } from '../../members/input.js';
import { listInputs } from '../../members/list-inputs.js';
import type { Member } from '../../members/member.js';
import type { MobContext } from '../mob-context.js';

/** From so many members on, the messages of the whole mob are read once instead of those of each. */
const READ_ALL_FROM = 16;

/**
 * Keeps that members are gone: unwired, their sessions archived, every message to them removed, in one commit. They must be
 * retiring; they work again as soon as it is known that nothing was kept, and not while that is in doubt.
 *
 * @param removed - Called with each once it is kept.
 * @throws what the ledger throws.
 */
export async function removeMembers(
  context: MobContext,
  members: readonly Member[],
  removed: (member: Member) => void,
): Promise<void> {
  const { ledger, clock } = context;
  const refused = () => members.forEach((member) => member.cancelRetiring());
  const deletes = await messagesTo(context, members).catch((error: unknown) => {
    refused();
    throw error;
  });
  const nowMs = clock.now();
  await ledger.append({
    items: leavingItems(members.map(({ entry }) => entry)),
    beside: {
      puts: members.flatMap(({ session }) => (session ? [session.putArchived(nowMs)] : [])),
      deletes,
    },
    applied: () => {
      for (const member of members) {
        removed(member);
        member.leave();
      }
    },
    refused,
  });
}

/** What the ledger says of members that leave: every wire of theirs once, then each of them. */
export function leavingItems(entries: readonly RosterMember[]): readonly LedgerItem[] {
  const gone = new Set<string>();
  return entries.flatMap(({ identity, generation, role, wiredTo }): LedgerItem[] => {
    const peers = [...wiredTo].filter((peer) => !gone.has(peer)).toSorted();
    gone.add(identity);
    return [
      ...peers.map((peer): LedgerItem => ({ kind: { type: 'members_unwired', ...edge(identity, peer) } })),
      { kind: { type: 'member_retired', agent_identity: identity, generation, role } },
    ];
  });
}

/** As the storage has them: it also holds those whose run could not be ended, and those nobody was told were kept. */
export async function messagesTo(
  { storage, mobId }: MobContext,
  members: readonly Member[],
): Promise<readonly DeleteWrite[]> {
  const identities = new Set(members.map(({ entry }) => entry.identity));
  const wheres =
    identities.size < READ_ALL_FROM
      ? [...identities].map((identity) => ({ mob_id: mobId, identity }))
      : [{ mob_id: mobId }];
  const deletes: DeleteWrite[] = [];
  for (const where of wheres) {
    for await (const { key, fields } of listInputs(storage, where)) {
      if (identities.has(String(fields['identity']))) deletes.push({ records: inputsDefinition, key });
    }
  }
  return deletes;
}
