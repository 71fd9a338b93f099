import type { PeerMessage, PeerReceipt, PeerSendOptions, Profile } from '@mobkit/core/mob';

import type { Roster } from '../../ledger/roster.js';
import type { Input } from '../../members/input.js';

/** What the tools of comms work with. */
export interface CommsDeps {
  readonly mobId: string;
  readonly roster: Roster;
  /** The profile that counts for a member. */
  readonly profileOf: (identity: string) => Profile | undefined;
  /** Sends to a peer, or throws why it cannot. */
  readonly send: (
    from: string,
    to: string,
    message: PeerMessage,
    options: PeerSendOptions,
  ) => Promise<PeerReceipt>;
  /** The messages that the run of a member is about. */
  readonly reading: (identity: string) => readonly Input[];
}
