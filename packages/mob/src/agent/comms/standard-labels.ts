import type { RosterMember } from '../../ledger/roster.js';

/** The labels that every session and every peer description carries; an application cannot set them. */
export function standardLabels(
  mobId: string,
  { identity, role, labels }: Pick<RosterMember, 'identity' | 'role' | 'labels'>,
) {
  return { ...labels, mob_id: mobId, role, profile_name: role, agent_identity: identity };
}
