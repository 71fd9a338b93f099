import type { KickoffPhase } from '@mobkit/core/mob';

import type { LedgerItem } from '../ledger/ledger-definition.js';

/** Says in the ledger how far the first turn of a member has come. */
export function kickoffItem(
  member: string,
  phase: KickoffPhase,
  updatedAtMs: number,
  error?: string,
): LedgerItem {
  const kickoff = { phase, ...(error !== undefined && { error }), updated_at_ms: updatedAtMs };
  return { kind: { type: 'member_kickoff_updated', member, kickoff } };
}
