import type { MobError } from './errors.js';
import type { JsonValue } from './json-value.js';
import type { Labels } from './metadata-store.js';

/** An agent that should exist. `checkAgentDiscoverySpecs` says what may be one. */
export interface AgentDiscoverySpec {
  /** The profile in the mob's definition that it is made from. */
  readonly profile: string;
  /** Its stable name, unique in the mob. */
  readonly identity: string;
  readonly labels?: Labels;
  /** Plain JSON of the application for hooks, customizers and tools; agents are not told. */
  readonly context?: JsonValue;
  /** Appended to its system prompt, each as a section; never a message. */
  readonly additionalInstructions?: readonly string[];
  /** The kept session that it goes on with when it is spawned. One that cannot be resumed fails that spawn. */
  readonly resumeSessionId?: string;
}

/** Why the desired shape is asked for. */
export type DiscoveryTrigger = 'bootstrap' | 'rediscover' | 'reconcile';

/** For whom, why and how long somebody asks. */
export interface DiscoveryContext {
  readonly mobId: string;
  /** Of the mob, as they are now. */
  readonly labels: Labels;
  readonly trigger: DiscoveryTrigger;
  /** What the caller of the runtime passes on; absent when the runtime asks by itself. */
  readonly data?: JsonValue;
  /** Aborted when the answer is no longer wanted: whoever answers stops and throws its reason. */
  readonly signal: AbortSignal;
}

/**
 * Called when what a source would answer may have changed, after it did; several changes may be told as one. Must not throw.
 * `onError` is told once when the source cannot be followed, or holds what cannot be used, and again only after it
 * recovered, which itself is told by `onChange`. Neither is called before `watch` has returned, nor after it was stopped.
 */
export interface DiscoveryWatcher {
  onChange(): void;
  onError?(error: MobError): void;
}

/** Says which agents should exist. A function is made one by `discoveryOf`. */
export interface Discovery {
  /**
   * Returns the whole desired roster, each identity once, in the order in which to spawn. Every call asks anew and answers with
   * objects of its own, which the caller may change. Calls may overlap.
   *
   * @throws whatever keeps it from knowing, never a part of the answer; the caller changes nothing then, and may try again.
   * The reason of `context.signal`.
   */
  discover(context: DiscoveryContext): Promise<readonly AgentDiscoverySpec[]>;

  /**
   * Tells of changes from now on; absent when the source cannot. Returns what ends it, which may be called twice. A source may
   * be watched by several. Whoever opened the source closes it, and then nobody is told anything any more.
   */
  watch?(watcher: DiscoveryWatcher): () => void;
}

/** A member of the roster, for whoever says to whom it should be able to talk. */
export interface DiscoveredMember {
  readonly identity: string;
  /** The name of its profile. */
  readonly profile: string;
  /** The identities it may talk to now, sorted. */
  readonly wiredTo: readonly string[];
  readonly labels: Labels;
}

/** A wire between two members that should exist. It has no direction. `desiredPeerEdge` makes one. */
export interface DesiredPeerEdge {
  readonly a: string;
  readonly b: string;
}

/** Says which members should be able to talk to each other. A function is made one by `edgeDiscoveryOf`. */
export interface EdgeDiscovery {
  /**
   * Returns all desired edges, whether they are there or not; the caller finds the difference. An edge given twice, either way
   * round, counts once. Edges to identities that are not among `members` may be named: they are skipped until there is such
   * a member. Must not change `members`. Every call asks anew and answers with objects of its own. Calls may overlap.
   *
   * @param members - The roster, sorted by identity.
   * @throws whatever keeps it from knowing, never a part of the answer; the caller changes nothing then, and may try again.
   * The reason of `context.signal`.
   */
  discoverEdges(
    members: readonly DiscoveredMember[],
    context: DiscoveryContext,
  ): Promise<readonly DesiredPeerEdge[]>;

  /** As `Discovery.watch`. */
  watch?(watcher: DiscoveryWatcher): () => void;
}
