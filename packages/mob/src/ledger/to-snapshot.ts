import type { MemberSnapshot, MemberStatus } from '@mobkit/core/mob';

import type { RosterMember } from './roster.js';

/** A member as others see it: a copy that does not change. */
export function toSnapshot(
  member: RosterMember,
  { status, error }: { readonly status: MemberStatus; readonly error?: string | undefined },
): MemberSnapshot {
  const { identity, generation, fenceToken, role, runtimeMode, sessionId } = member;
  const { wiredTo, externalPeers, kickoff, labels } = member;
  // Field by field: taking the rest of an object apart is most of what a roster of thousands would cost.
  return {
    identity,
    generation,
    fenceToken,
    role,
    runtimeMode,
    sessionId,
    status,
    ...(error !== undefined && { error }),
    wiredTo: [...wiredTo].toSorted(),
    labels: { ...labels },
    ...(externalPeers.length > 0 && { externalPeers }),
    ...(kickoff && { kickoff }),
  };
}
