import type { Content, ContentBlock } from './content.js';
import type { ExternalPeer } from './external-peer.js';
import type { Incarnation } from './incarnation.js';

/** How members of a mob talk, and how work reaches them. All need a Running mob. */
export interface MobComms {
  /** Lets two members talk no more; messages of one to the other that still wait are removed. Not wired: does nothing. */
  unwire(a: string, b: string): Promise<void>;

  /**
   * Wires many pairs in one `members_wired_batch`, all or none; pairs that are wired already are left out.
   *
   * @throws as `wire`.
   */
  wireMany(edges: readonly { readonly a: string; readonly b: string }[]): Promise<void>;

  /**
   * Lets a member know somebody outside of this mob. The same peer again changes nothing.
   *
   * @throws MobError `MOB_WIRING_INVALID` for a key of zeros, or another key under the name of one that is wired.
   */
  wireExternal(identity: string, peer: ExternalPeer): Promise<void>;

  /** Takes that back; not wired: does nothing. */
  unwireExternal(identity: string, peerName: string): Promise<void>;

  /**
   * Sends as one member to another it is wired to, or to a peer outside of this mob by its `peerId` or name.
   *
   * @throws MobError `MOB_PEER_UNTRUSTED` when it is not; `MOB_PEER_UNREACHABLE` when the peer is outside and nobody can reach
   * it; as `send`.
   */
  sendAsMember(from: string, to: string, content: Content, options?: PeerSendOptions): Promise<PeerReceipt>;

  /**
   * Takes a message for a member from somebody outside of this mob whom it is wired to: the other end of a message that leaves
   * another mob.
   *
   * @throws MobError `MOB_PEER_UNTRUSTED` when no peer of that address is wired to it; as `send`.
   */
  deliverFromPeer(
    to: string,
    fromAddress: string,
    message: PeerMessage,
    options?: PeerSendOptions,
  ): Promise<PeerReceipt>;

  /** Sends the same to everybody, or everybody of one role, who takes messages from outside; answers for each, by identity. */
  broadcast(
    content: Content,
    options?: { readonly role?: string; readonly internal?: boolean },
  ): Promise<readonly BroadcastOutcome[]>;

  /**
   * Sends work to one incarnation.
   *
   * @throws MobError `MOB_FENCE_STALE` (`details.expected`, `details.actual`) when another has taken its place; as `send`.
   */
  submitWork(target: Incarnation, fenceToken: number, work: Work): Promise<WorkReceipt>;

  /** Ends the turn of one incarnation at its next boundary and removes what waits for it. @throws as `submitWork`. */
  cancelAllWork(target: Incarnation, fenceToken: number): Promise<void>;
}

/** When a message is read. `queue`: after the turn that runs. `steer`: at its next boundary. */
export type HandlingMode = 'queue' | 'steer';

/** How a message to a peer is handled. */
export interface PeerSendOptions {
  /** @defaultValue `queue` */
  readonly handlingMode?: HandlingMode;
  readonly interactionId?: string;
}

/** That a message was taken for a peer; not that it was read. */
export interface PeerReceipt {
  /** Of the message; of a request its id, which its response names. */
  readonly envelopeId: string;
  /** The identity, or the `peerId` of somebody outside. */
  readonly to: string;
  readonly interactionId: string;
}

/** What a member says to another. */
export type PeerMessage =
  | { readonly kind: 'message'; readonly content: Content }
  | {
      readonly kind: 'request';
      /** What is asked for: one line of at most 400 characters, without `]`. */
      readonly intent: string;
      /** Plain JSON. */
      readonly params?: unknown;
      readonly blocks?: readonly ContentBlock[];
    }
  | {
      readonly kind: 'response';
      /** The `envelopeId` of the request. */
      readonly inReplyTo: string;
      readonly status: 'accepted' | 'completed' | 'failed';
      /** Plain JSON. */
      readonly result?: unknown;
      readonly blocks?: readonly ContentBlock[];
    };

/** How one mob finds members of another in the same process: undefined when nobody there is called so. */
export type ResolvePeer = (address: PeerAddress) => PeerReceiver | undefined;

/** The parts of `inproc://<mob>/<role>/<identity>`. */
export interface PeerAddress {
  readonly mobId: string;
  readonly role: string;
  readonly identity: string;
}

/** What takes messages that come from outside of the mob. */
export type PeerReceiver = Pick<MobComms, 'deliverFromPeer'>;

/** What became of a message to one of many: taken, or why not. */
export type BroadcastOutcome =
  | { readonly identity: string; readonly interactionId: string }
  | { readonly identity: string; readonly error: Error };

/** Something to do that is not said by anybody in particular. */
export interface Work {
  readonly content: Content;
  /** `internal` also reaches members that are not addressable from outside. */
  readonly origin: 'external' | 'internal';
  /** @defaultValue `queue` */
  readonly handlingMode?: HandlingMode;
}

/** That work was taken; not that it was done. */
export interface WorkReceipt {
  readonly workId: string;
  readonly interactionId: string;
}
