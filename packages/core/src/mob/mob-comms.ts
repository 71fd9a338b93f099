import type { Content } from './content.js';
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
   * Sends as one member to another it is wired to.
   *
   * @throws MobError `MOB_PEER_UNTRUSTED` when it is not; as `send`.
   */
  sendAsMember(from: string, to: string, content: Content, options?: PeerSendOptions): Promise<PeerReceipt>;

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

export interface ExternalPeer {
  readonly peerId: string;
  /** Unique among the peers of a member. */
  readonly name: string;
  /** `inproc://<mob>/<role>/<identity>` for a member of another mob of this process. */
  readonly address: string;
  /** An Ed25519 public key: 32 bytes, not all of them zero. */
  readonly pubkey: readonly number[];
}

export interface PeerSendOptions {
  /** @defaultValue `queue` */
  readonly handlingMode?: HandlingMode;
  readonly interactionId?: string;
}

export interface PeerReceipt {
  readonly envelopeId: string;
  readonly to: string;
}

export type BroadcastOutcome =
  | { readonly identity: string; readonly interactionId: string }
  | { readonly identity: string; readonly error: Error };

export interface Work {
  readonly content: Content;
  /** `internal` also reaches members that are not addressable from outside. */
  readonly origin: 'external' | 'internal';
  /** @defaultValue `queue` */
  readonly handlingMode?: HandlingMode;
}

export interface WorkReceipt {
  readonly workId: string;
  readonly interactionId: string;
}
