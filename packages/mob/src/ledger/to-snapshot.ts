import type { MemberSnapshot, MemberStatus } from '@mobkit/core/mob';

import type { RosterMember } from './roster.js';

/** A member as others see it: a copy that does not change. */
export function toSnapshot(
  { wiredTo, externalPeers, kickoff, labels, ...entry }: RosterMember,
  state: { readonly status: MemberStatus; readonly error?: string | undefined },
): MemberSnapshot {
  return {
    ...entry,
    status: state.status,
    ...(state.error !== undefined && { error: state.error }),
    wiredTo: [...wiredTo].toSorted(),
    labels: { ...labels },
    ...(externalPeers.length > 0 && { externalPeers }),
    ...(kickoff && { kickoff }),
  };
}
