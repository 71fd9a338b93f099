import type { MobDefinition, PeerMessage, PeerReceipt, PeerSendOptions } from '@mobkit/core/mob';

import type { Roster } from '../../ledger/roster.js';
import type { Input } from '../../members/input.js';

/** What the tools of comms work with. */
export interface CommsDeps {
  readonly definition: MobDefinition;
  readonly roster: Roster;
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
