import type { Fields, Where } from './definition.js';

/** Something to append. */
export interface NewEntry {
  /** Unique among the entries the partition still keeps. */
  readonly id: string;
  /** When it happened: Unix time in whole milliseconds. The log is not ordered by it. */
  readonly timestampMs: number;
  /** Copies of what to filter on; the truth is in `data`. */
  readonly fields?: Fields;
  /** JSON text as `JSON.stringify` writes it, kept character for character. */
  readonly data: string;
}

/** An entry as it is kept. */
export interface StoredEntry extends Required<NewEntry> {
  /** Its place in the partition, and the cursor to go on from. */
  readonly seq: number;
}

/** Under which condition entries are appended, and with which number they begin. */
export interface AppendOptions {
  /** Appends only when this is the partition's last `seq`; 0 means nothing was ever appended. */
  readonly expectedLastSeq?: number;
  /**
   * The seq of the first entry, from 1: only into a partition that never held any, so that a log whose beginning was
   * pruned can be moved with its cursors. @defaultValue one after the last
   */
  readonly firstSeq?: number;
}

/** What an append did. The stored entries have the seqs `lastSeq - stored + 1` to `lastSeq`, in the order given. */
export interface Appended {
  /** How many were stored. */
  readonly stored: number;
  /** Ids that were kept already or came twice in this batch, one for each entry not stored, in the order given. */
  readonly duplicates: readonly string[];
  /** The partition's last `seq` after this append. */
  readonly lastSeq: number;
}

/** Which entries to read. Every condition given must hold. */
export interface LogQuery {
  /** Exclusive lower bound: reads the oldest entries after it. Absent: reads the newest. */
  readonly afterSeq?: number;
  /** Exclusive upper bound. */
  readonly beforeSeq?: number;
  /** Inclusive lower bound on `timestampMs`. */
  readonly sinceMs?: number;
  /** Exclusive upper bound on `timestampMs`. */
  readonly untilMs?: number;
  readonly where?: Where;
  /** At most this many entries. @defaultValue 256 */
  readonly limit?: number;
  /** For a reader to whom `data` says everything: `fields` of the entries may be left empty, which is cheaper to read. */
  readonly withoutFields?: true;
}

/** One page of a partition, and where the partition stood when it was read. */
export interface LogPage {
  /** Ascending by `seq`, whichever end was read. */
  readonly entries: readonly StoredEntry[];
  /** The first `seq` still kept. A reader whose cursor is below `firstSeq - 1` has missed entries. */
  readonly firstSeq: number;
  /** The last `seq` assigned when the page was read; 0 before the first append. */
  readonly lastSeq: number;
  /** The cursor to go on from: no entry at or below it will ever match this query again. */
  readonly scannedTo: number;
  /** Whether more match now: after this page when `afterSeq` was given, else before it. */
  readonly more: boolean;
}

/** What of a partition is kept. */
export interface LogBounds {
  /** The first `seq` still kept; `lastSeq + 1` when nothing is. */
  readonly firstSeq: number;
  /** The last `seq` ever assigned; 0 before the first append. */
  readonly lastSeq: number;
}

/** Which entries may go. Every condition given must hold, and one must be given. */
export interface PruneBounds {
  /** Those below this `seq`. */
  readonly seq?: number;
  /** Those that happened before this time. */
  readonly timestampMs?: number;
  /** All but this many of the newest. */
  readonly keep?: number;
}

/**
 * One partition of a log.
 *
 * **A reader that has seen cursor N never misses an entry at or below N.** The store assigns `seq` when it accepts
 * the entry: dense from 1 per partition, a safe integer, increasing in the order entries become visible, across
 * restarts and writers in several processes. Nothing becomes visible behind a cursor already handed out.
 *
 * Every method throws `MOB_STORE_UNAVAILABLE` (retryable) when the backend cannot answer, `MOB_STORE_REFUSED`
 * when it will not whatever the number of attempts, and `TypeError` for a wrong argument.
 */
export interface OrderedLog {
  /**
   * Stores entries, all or nothing, numbered in the order given. An entry whose `id` is still kept is left out and
   * leaves no hole, so the same call may be made again after a failure: if everything is kept already it succeeds,
   * whatever `expectedLastSeq` says.
   *
   * @throws MobError `MOB_CONFLICT` when `expectedLastSeq` is not the last, or `firstSeq` was given and the partition
   * has held entries; nothing was stored.
   */
  append(entries: readonly NewEntry[], options?: AppendOptions): Promise<Appended>;

  /** Reads a page. Filters run in the store. */
  read(query: LogQuery): Promise<LogPage>;

  bounds(): Promise<LogBounds>;

  /**
   * Removes the oldest entries, up to the first that must stay, so that what is left has no hole. Never lowers
   * `lastSeq`. Returns how many went.
   */
  prune(bounds: PruneBounds): Promise<number>;

  /**
   * Calls `wake` after entries were appended, by any process. May be spurious and may join several appends; never
   * missed: a reader that reads whenever it is woken sees every entry. `wake` must not throw. Returns what ends it.
   */
  onAppend(wake: () => void): () => void;
}
