/** Two facts about one thing that cannot both hold. */
export interface MemoryConflict {
  /** Trimmed and in lower case, as `topic`. */
  readonly entity: string;
  readonly topic: string;
  readonly store: string;
  readonly reason?: string;
  /** Unix time in whole milliseconds. */
  readonly updatedAtMs: number;
}

/** What an action is about, for whoever asks whether the facts about it agree. */
export interface MemoryReference {
  readonly entity?: string;
  readonly topic?: string;
}

/** Where conflicts are looked up. */
export interface MemoryConflicts {
  /**
   * The first conflict that concerns the reference, by entity, topic and store; undefined when there is none, or nothing is
   * referred to.
   */
  conflictFor(reference: MemoryReference): Promise<MemoryConflict | undefined>;

  /** How many conflicts there are at all. */
  conflictCount(): Promise<number>;
}

/** Keeps what is asserted about things, and where assertions contradict each other. */
export interface MemoryLedger extends MemoryConflicts {}
