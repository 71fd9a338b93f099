/** An agent that should exist. */
export interface AgentDiscoverySpec {
  /** The profile in the mob's definition that it is made from. */
  readonly profile: string;
  /** Its stable name, unique in the mob. */
  readonly identity: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Appended to its system prompt, each as a section. Absent when there is none. */
  readonly additionalInstructions?: readonly string[];
}

/** Says which agents should exist. */
export interface Discovery {
  /**
   * Returns the whole desired roster, each identity once, in the order in which to spawn.
   *
   * @throws whatever keeps it from knowing; nothing is changed then, and the caller may try again.
   */
  discover(): Promise<readonly AgentDiscoverySpec[]>;
}

/** A wire between two members that should exist. It has no direction. */
export interface DesiredPeerEdge {
  readonly a: string;
  readonly b: string;
}

/** Says which members should be able to talk to each other. */
export interface EdgeDiscovery {
  /**
   * Returns all desired edges between the given members. An edge given twice, either way round, counts once.
   *
   * @throws whatever keeps it from knowing; nothing is changed then, and the caller may try again.
   */
  discoverEdges(identities: readonly string[]): Promise<readonly DesiredPeerEdge[]>;
}
