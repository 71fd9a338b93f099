import type { MobEvent } from './mob-event.js';

/** Which structural events to read. Every condition given must hold; filters run in the store. */
export interface MobEventFilter {
  /** Inclusive. */
  readonly sinceMs?: number;
  /** Exclusive. */
  readonly untilMs?: number;
  /** Any of these; empty or absent means any at all. */
  readonly kinds?: readonly string[];
  readonly runId?: string;
  readonly stepId?: string;
  readonly agentIdentity?: string;
}

/** Which entries of the ledger to read, and from where. */
export interface MobEventQuery extends MobEventFilter {
  /** Exclusive lower bound: returns the oldest after it; 0 from the first that is kept. Absent: returns the newest. */
  readonly afterCursor?: number;
  /** At most this many. @defaultValue 256 */
  readonly limit?: number;
}

/** One page of the ledger, and where the ledger stood when it was read. */
export interface MobEventPage {
  /** Ascending by cursor, whichever end was read. */
  readonly events: readonly MobEvent[];
  /** The cursor to go on from: no event at or below it will ever match this query again. */
  readonly scannedTo: number;
  /** Whether more match now: after this page when `afterCursor` was given, else before it. */
  readonly more: boolean;
  /** The first cursor still kept. */
  readonly firstCursor: number;
  /** The ledger's last cursor; 0 when it is empty. */
  readonly latestCursor: number;
}

/**
 * The ledger of a mob, to read. Cursors are dense from 1.
 *
 * Both throw `MOB_CURSOR_STALE`, with `afterSeq`, `firstSeq` and `lastSeq` in its details, for a cursor beyond the
 * latest or before what is kept; never for 0, as whoever has seen nothing misses nothing. Destroying a mob prunes its ledger:
 * then nothing is kept, and the cursors of the next mob of that id go on.
 */
export interface MobEventsView {
  query(query: MobEventQuery): Promise<MobEventPage>;

  /** What is kept after the cursor, then what is appended, each once and in order. Ends by `signal`, `break` or an error. */
  tail(options: MobEventTailOptions): AsyncIterable<MobEvent>;

  /** The last cursor; 0 when the ledger is empty. */
  latestCursor(): Promise<number>;
}

/** Which entries of the ledger to follow, and from where. */
export interface MobEventTailOptions extends MobEventFilter {
  /** Exclusive; 0 starts at the first that is kept. */
  readonly afterCursor: number;
  readonly signal?: AbortSignal;
}
