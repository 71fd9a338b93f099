import type { Fields, Where } from './definition.js';

/** A record to put. It replaces the one before it whole. */
export interface NewRecord {
  /** Copies of what to filter on; the truth is in `data`. */
  readonly fields?: Fields;
  /** JSON text as `JSON.stringify` writes it, kept character for character. */
  readonly data: string;
  /** When `claimDue` may hand it out: Unix time in milliseconds. Absent: never. */
  readonly dueAtMs?: number;
}

/** A record as it is kept. */
export interface StoredRecord extends NewRecord {
  readonly key: string;
  readonly fields: Fields;
  /** A positive safe integer, greater after every put and claim; a key never has the same one twice, even deleted. */
  readonly version: number;
  /** Who claimed it last and until when; a put ends it. */
  readonly lease?: { readonly owner: string; readonly untilMs: number };
}

/** Over which version of a record to write; without, over any. */
export interface VersionOptions {
  /** Writes only over this version; 0 means over nothing. */
  readonly expectedVersion?: number;
}

/** Which records to list. Every condition given must hold. */
export interface RecordQuery {
  /** Exclusive lower bound: the last key of the page before. */
  readonly afterKey?: string;
  readonly where?: Where;
  /** At most this many records. @defaultValue 256 */
  readonly limit?: number;
}

/** One page of records. */
export interface RecordPage {
  /** Ascending by key, compared by code point. */
  readonly records: readonly StoredRecord[];
  /** Whether more match after the last of these. */
  readonly more: boolean;
}

/** Who wants records that are due, how many, and for how long. */
export interface Claim {
  /** Who asks; shown in the record's `lease`. */
  readonly owner: string;
  /** For how long the records are the owner's, by the store's clock; 0 means that the lease is over at once. */
  readonly leaseMs: number;
  /** At most this many records. */
  readonly limit: number;
}

/** What `claimDue` handed out. */
export interface Claimed {
  /** The longest due first. */
  readonly records: readonly StoredRecord[];
  /**
   * When to ask again, Unix time in milliseconds by the store's clock: the earliest moment at which a record not handed
   * out here is due and free of leases. In the past when `limit` left some behind; absent when there is none. A put
   * may make it earlier.
   */
  readonly nextDueAtMs?: number;
}

/**
 * Records under one definition.
 *
 * Every method throws `MOB_STORE_UNAVAILABLE` (retryable) when the backend cannot answer, `MOB_STORE_REFUSED`
 * when it will not whatever the number of attempts, and `TypeError` for a wrong argument.
 */
export interface RecordStore {
  get(key: string): Promise<StoredRecord | undefined>;

  list(query: RecordQuery): Promise<RecordPage>;

  /**
   * Writes a record and returns its version.
   *
   * @throws MobError `MOB_CONFLICT` when `expectedVersion` is not the version kept; nothing was written.
   */
  put(key: string, record: NewRecord, options?: VersionOptions): Promise<number>;

  /**
   * Removes a record; false when there was none.
   *
   * @throws MobError `MOB_CONFLICT` when `expectedVersion` is not the version kept; nothing was removed.
   */
  delete(key: string, options?: VersionOptions): Promise<boolean>;

  /**
   * Hands out records that are due and not under another lease, the longest due first, each to one caller only.
   * Put or delete what you were given with its `version`: whoever comes after the lease was given on gets
   * `MOB_CONFLICT`.
   */
  claimDue(claim: Claim): Promise<Claimed>;
}
