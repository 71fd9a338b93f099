import type { MobHandle } from '../mob/mob-handle.js';

/** What is kept of a durable identity, so that it can go on in another process. */
export interface ContinuityRecord {
  readonly identity: string;
  /** Names one embodiment: `rt:<identity>:<generation>`. */
  readonly agentRuntimeId: string;
  readonly sessionId: string;
  /** From 0; raised by a reset. */
  readonly generation: number;
  /** Grows within a generation. */
  readonly checkpointVersion: number;
}

/** What became of one identity when the desired ones were restored. */
export interface IdentityOutcome {
  readonly identity: string;
  readonly outcome: 'created' | 'resumed' | 'broken';
  /** Why it is broken; absent otherwise. */
  readonly error?: string;
}

/** The plane of durable identities, for hosts that run one beside the roster. */
export interface IdentityContext {
  /** Brings every identity of the roster to life that is not; one that is broken does not keep the others. */
  materializeAll(): Promise<readonly ContinuityRecord[]>;

  /** Asks again who should exist and who may talk to whom, and gets there; answers what became of each identity. */
  refreshTopology(): Promise<readonly IdentityOutcome[]>;
}

/** Finds the session in which an identity goes on. */
export interface SessionBridge {
  /** Undefined for an identity without one. */
  sessionOf(identity: string): Promise<string | undefined>;
}

/** A mob of another process that members of this one may talk to. */
export interface MobContact {
  /** What members call it by, after `::`. */
  readonly name: string;
  /** `inproc`, `tcp://host:port` or `uds://path`. */
  readonly address: string;
  /** Ed25519, standard base64; absent for `inproc`. */
  readonly publicKey?: string;
}

/** Where other mobs are. */
export interface ContactDirectory {
  find(name: string): MobContact | undefined;

  /** Sorted by name. */
  contacts(): readonly MobContact[];
}

/** The key pair by which other mobs know this one. */
export interface PeerKeys {
  /** Ed25519, standard base64. */
  readonly publicKey: string;

  sign(message: Uint8Array): Uint8Array;
}

/**
 * What a runtime knows of identities and of other mobs: what the host configured, and nothing until it has. The runtime
 * hands it out to modules and handlers; it calls none of it.
 */
export interface RuntimeIdentity {
  readonly context?: IdentityContext;
  readonly sessionBridge?: SessionBridge;
  readonly contactDirectory?: ContactDirectory;
  /** Mobs of this process that can be called directly, by the name of their contact. */
  readonly peerHandles: ReadonlyMap<string, MobHandle>;
  readonly peerKeys?: PeerKeys;
}
