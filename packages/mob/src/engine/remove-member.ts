import type { DeleteWrite } from '@mobkit/core';

import type { LedgerItem } from '../ledger/ledger-definition.js';
import { edge } from '../members/auto-wiring.js';
import { inputsDefinition } from '../members/input.js';
import { listInputs } from '../members/list-inputs.js';
import type { Member } from '../members/member.js';
import type { MobContext } from './mob-context.js';

/**
 * Keeps that a member is gone: unwired, its session archived, every message to it removed, in one commit. The member must
 * be retiring; it works again as soon as it is known that nothing was kept, and not while that is in doubt.
 *
 * @param removed - Called once it is kept.
 * @throws what the ledger throws.
 */
export async function removeMember(context: MobContext, member: Member, removed: () => void): Promise<void> {
  const { ledger, clock } = context;
  const { identity, generation, role, wiredTo } = member.entry;
  const unwired = [...wiredTo].toSorted().map((peer): LedgerItem => {
    return { kind: { type: 'members_unwired', ...edge(identity, peer) } };
  });
  const retired: LedgerItem = {
    kind: { type: 'member_retired', agent_identity: identity, generation, role },
  };
  const refused = () => member.cancelRetiring();
  const deletes = await messagesTo(context, identity).catch((error: unknown) => {
    refused();
    throw error;
  });
  await ledger.append({
    items: [...unwired, retired],
    beside: { puts: member.session ? [member.session.putArchived(clock.now())] : [], deletes },
    applied: () => {
      removed();
      member.inbox.close();
    },
    refused,
  });
}

/** As the storage has them: it also holds those whose run could not be ended, and those nobody was told were kept. */
async function messagesTo({ storage, mobId }: MobContext, identity: string): Promise<readonly DeleteWrite[]> {
  const deletes: DeleteWrite[] = [];
  for await (const { key } of listInputs(storage, { mob_id: mobId, identity })) {
    deletes.push({ records: inputsDefinition, key });
  }
  return deletes;
}
