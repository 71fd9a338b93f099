/** Somebody outside of a mob whom one of its members knows. */
export interface ExternalPeer {
  readonly peerId: string;
  /** Unique among the peers of a member. */
  readonly name: string;
  /** `inproc://<mob>/<role>/<identity>` for a member of another mob of this process. */
  readonly address: string;
  /** An Ed25519 public key: 32 bytes, not all of them zero. */
  readonly pubkey: readonly number[];
}
