/** The stores of a memory, in the order in which they are listed; the first is the default. */
export const memoryStores = ['knowledge_graph', 'vector', 'timeline', 'todo', 'top_of_mind'] as const;

/** Which kind of memory a fact belongs to. */
export type MemoryStoreName = (typeof memoryStores)[number];

/** A fact about something. */
export interface MemoryAssertion {
  /** `memory-assert-` and a number of at least six digits from 0; never given twice by what keeps the ledger. */
  readonly assertionId: string;
  /** Trimmed and in lower case, as `topic`. */
  readonly entity: string;
  readonly topic: string;
  readonly store: MemoryStoreName;
  readonly fact: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Unix time in whole milliseconds. */
  readonly indexedAtMs: number;
}

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

/** A fact, a conflict, or both at once. What stands around names and facts is cut off; a blank field counts as absent. */
export interface MemoryIndexRequest {
  /** 1 to 190 characters without control characters; case does not count. So is `topic`. */
  readonly entity: string;
  readonly topic: string;
  /** Case does not count. @defaultValue `knowledge_graph` */
  readonly store?: string;
  /** At most 4096 characters. Needed unless `conflict` is set. */
  readonly fact?: string;
  /** Kept with the fact; at most 4096 characters as JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Says that the facts about this contradict each other, until somebody resolves it. @defaultValue false */
  readonly conflict?: boolean;
  /** Kept with the conflict; at most 4096 characters. */
  readonly conflictReason?: string;
}

/** What the ledger has kept of a request. */
export interface MemoryIndexed {
  readonly entity: string;
  readonly topic: string;
  readonly store: MemoryStoreName;
  /** Absent when no fact was given. */
  readonly assertionId?: string;
  /** Whether there is now a conflict about this entity and topic, in any store. */
  readonly conflictActive: boolean;
}

/** Which assertions and conflicts to find. Every condition given must hold; a blank one counts as absent. */
export interface MemoryQuery {
  readonly entity?: string;
  readonly topic?: string;
  readonly store?: string;
  /** Found anywhere in the entity, the topic, the fact or the reason, whatever the case. */
  readonly text?: string;
  /** Exclusive lower bound: the last assertion of the page before. */
  readonly afterAssertionId?: string;
  /** At most this many assertions, from 1 to 4096. @defaultValue 4096 */
  readonly limit?: number;
}

/** What the ledger knows about what was asked. */
export interface MemoryFound {
  /** In the order in which they were indexed. */
  readonly assertions: readonly MemoryAssertion[];
  /** All that match, by entity, topic and store, compared by code point. */
  readonly conflicts: readonly MemoryConflict[];
  /** Whether more assertions match after the last of these. */
  readonly more: boolean;
}

/** How much there is in one of the stores. */
export interface MemoryStoreCount {
  readonly store: MemoryStoreName;
  /** Assertions and conflicts together. */
  readonly recordCount: number;
}

/** Who takes something out of the ledger, and why. */
export interface MemoryAuthor {
  /** 1 to 190 characters without control characters. */
  readonly by: string;
  /** At most 4096 characters. */
  readonly reason?: string;
}

/** Which conflict is over, and who says so. */
export interface ResolveConflictRequest extends MemoryAuthor {
  readonly entity: string;
  readonly topic: string;
  /** Absent: in every store. */
  readonly store?: string;
}

/** Something that was taken out of the ledger. */
export interface MemoryChange {
  /** A number of its own, in the order in which it happened. */
  readonly seq: number;
  readonly kind: 'conflict_resolved' | 'assertion_deleted';
  readonly entity: string;
  readonly topic: string;
  readonly store: string;
  readonly by: string;
  readonly reason?: string;
  /** Of a conflict: why there was one. */
  readonly conflictReason?: string;
  /** Of an assertion: which it was. What it said is gone. */
  readonly assertionId?: string;
  /** Unix time in whole milliseconds. */
  readonly timestampMs: number;
}

/** Which changes are meant; absent: of everything. */
export interface MemoryChangeQuery {
  readonly entity?: string;
  readonly topic?: string;
  /** At most so many of the newest, from 1 to 500. @defaultValue 50 */
  readonly limit?: number;
}

/**
 * Keeps what is asserted about things, and where assertions contradict each other. It keeps the newest assertions up to a
 * bound, one conflict for an entity, topic and store, and the newest changes up to a bound; what it keeps outlives the
 * process where its storage does.
 *
 * Several ledgers on one storage are one ledger: ids are unique, nothing is lost and the bounds hold, in whatever processes
 * they are.
 *
 * Every method throws MobError `MOB_REQUEST_INVALID` (`details.field`) for a value that is not as described here, and
 * `MOB_MEMORY_UNAVAILABLE` when its storage does not answer: nothing was read then, and nothing is known to be kept.
 */
export interface MemoryLedger extends MemoryConflicts {
  /**
   * Keeps a fact, a conflict or both, all or nothing. A conflict that there is already takes on the new reason. The oldest
   * assertions beyond the bound go.
   *
   * @throws MobError `MOB_REQUEST_INVALID` also for a new conflict when there are 4096: one must be resolved before, as none
   * is ever forgotten.
   */
  index(request: MemoryIndexRequest): Promise<MemoryIndexed>;

  query(query?: MemoryQuery): Promise<MemoryFound>;

  /** Every store with how much is in it, in the order of `memoryStores`. */
  stores(): Promise<readonly MemoryStoreCount[]>;

  /** Ends conflicts, and keeps who did and why. Answers those that it ended: none when there was none. */
  resolveConflict(request: ResolveConflictRequest): Promise<readonly MemoryConflict[]>;

  /** Takes an assertion out with what it said, and keeps who did and why; false when there is none of that id. */
  deleteAssertion(assertionId: string, author: MemoryAuthor): Promise<boolean>;

  /** What was taken out, the oldest first. */
  changes(query?: MemoryChangeQuery): Promise<readonly MemoryChange[]>;
}
