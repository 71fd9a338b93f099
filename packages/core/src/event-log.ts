import type { PruneBounds } from './ordered-log.js';
import type { StorageSupports } from './storage.js';
import type { UnifiedEvent } from './unified-event.js';

/** An operational event that no store has numbered yet. */
export interface NewEvent {
  /** Unique: taken from the event's envelope. Stores deduplicate on it. */
  readonly id: string;
  /** When it happened: Unix time in whole milliseconds, from the envelope. */
  readonly timestampMs: number;
  /** The incarnation that caused it, e.g. `worker-1:0`; absent for events of modules. */
  readonly memberId?: string;
  /** The stable name of that member, e.g. `worker-1`. */
  readonly identity?: string;
  readonly mobId?: string;
  readonly runId?: string;
  readonly stepId?: string;
  /** What it was done for: the id given to the message that started the turn, and passed on from peer to peer. */
  readonly interactionId?: string;
  /** Its place in the live streams; absent for what never was in one. */
  readonly stream?: StreamPosition;
  /** Kept verbatim as JSON. */
  readonly event: UnifiedEvent;
}

/** The place of an event in the live streams of a runtime. Compared by `epoch`, then by number. */
export interface StreamPosition {
  /** From 1, raised by one at each start of a runtime on the same storage. */
  readonly epoch: number;
  /** Dense from 1 in its epoch, over all members. */
  readonly n: number;
  /** Dense from 1 in its epoch, over the events of one identity. */
  readonly agentN: number;
}

/** An event as it is kept. */
export interface PersistedEvent extends NewEvent {
  /** Its place in the log, and the cursor to go on from: dense from 1, never reused. */
  readonly seq: number;
}

/** Which events to return. Every condition given must hold. */
export interface EventQuery {
  /** Exclusive lower bound on `seq`: returns the oldest after it. Absent: returns the newest. */
  readonly afterSeq?: number;
  /** Inclusive lower bound on `timestampMs`. */
  readonly sinceMs?: number;
  /** Exclusive upper bound on `timestampMs`. */
  readonly untilMs?: number;
  /** An incarnation (`worker-1:0`), or a name without a generation, which means the identity. */
  readonly memberId?: string;
  readonly identity?: string;
  readonly mobId?: string;
  readonly runId?: string;
  readonly stepId?: string;
  /** Any of these; an empty list means any at all. */
  readonly eventTypes?: readonly string[];
  /** At most this many events. @defaultValue 256 */
  readonly limit?: number;
}

/** What an append did. The stored events have the seqs `lastSeq - stored + 1` to `lastSeq`, in the order given. */
export interface AppendResult {
  /** How many were stored. */
  readonly stored: number;
  /** Ids that were kept already or came twice in this batch, in the order given. */
  readonly duplicates: readonly string[];
  /** The log's last `seq` after this append. */
  readonly lastSeq: number;
}

/** One page of events, and where the log stood when it was read. */
export interface EventPage {
  /** Ascending by `seq`. */
  readonly events: readonly PersistedEvent[];
  /** The first `seq` still kept; `lastSeq + 1` when none is. A reader whose cursor is below `firstSeq - 1` missed some. */
  readonly firstSeq: number;
  /** The last `seq` ever assigned; 0 before the first append. A cursor beyond it is of another log. */
  readonly lastSeq: number;
  /** The cursor to go on from: no event at or below it will ever match this query again. */
  readonly scannedTo: number;
  /** Whether more match now: after this page when `afterSeq` was given, else before it. */
  readonly more: boolean;
}

/**
 * Keeps operational events and gives them back in order.
 *
 * **A reader that has seen cursor N never misses an event at or below N**, across restarts and writers in several
 * processes. `eventLogOver` makes one of any `Storage`; prove your own with `describeEventLogStore` from
 * `@mobkit/contract-kit`.
 *
 * Both methods throw `MOB_STORE_UNAVAILABLE` (retryable) when the backend cannot answer, `MOB_STORE_REFUSED` when
 * it will not whatever the number of attempts (`details.reason` is `data` when what was given is to blame, so that less of
 * it may pass), and `TypeError` for a wrong argument.
 */
export interface EventLogStore {
  readonly supports: EventLogSupports;

  /**
   * Stores a batch, all or nothing, and numbers it in the order given. An event whose `id` is still kept is not
   * stored again and is named in `duplicates`, so a caller may send the same batch after a failure.
   */
  appendBatch(events: readonly NewEvent[]): Promise<AppendResult>;

  /** Returns a page of matching events. Filters run in the store. */
  query(query: EventQuery): Promise<EventPage>;

  /**
   * Removes the oldest events, as `OrderedLog.prune`, and returns how many went. Absent where the backend lets them go by
   * itself.
   */
  prune?(bounds: PruneBounds): Promise<number>;

  /**
   * Calls `wake` after events were appended, by any process: may be spurious, never missed. Returns what ends it.
   * Absent where the backend cannot tell; a reader then asks again from time to time.
   */
  onAppend?(wake: () => void): () => void;
}

/** What an `EventLogStore` can be counted on for; each as in `StorageSupports`. */
export type EventLogSupports = Pick<StorageSupports, 'cursor' | 'durable'>;
