import type { JsonValue } from './json-value.js';
import type { StorageSupports } from './storage.js';

/** What a session was at one time. */
export interface SessionRow {
  /** From 1 to 400 characters, well-formed, without NUL. */
  readonly sessionId: string;
  /** Unix time in whole milliseconds, from 0 to the end of the year 9999. Of two rows of a session the later one counts. */
  readonly updatedAtMs: number;
  /** A tombstone: from this time on the session is not live. A later row brings it back. */
  readonly deleted: boolean;
  /** Kept as JSON: what is read equals it, key order included. At most 100 deep. */
  readonly payload: JsonValue;
  /** Any names, any texts; their order says nothing. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Which rows of the whole history to return. */
export interface SessionHistoryQuery {
  /** Of this session. @defaultValue of all */
  readonly sessionId?: string;
  /** The `next` of the page before, of the same session or of all as that one. @defaultValue from the oldest */
  readonly after?: string;
  /** At most this many rows, from 1 to 4096. @defaultValue 256 */
  readonly limit?: number;
}

/** Which sessions to return, one row each. */
export interface SessionQuery {
  /** Exclusive lower bound. @defaultValue from the first */
  readonly afterSessionId?: string;
  /** At most this many rows, from 1 to 4096. @defaultValue 256 */
  readonly limit?: number;
}

/** One page of everything that was kept of a session. */
export interface SessionHistoryPage {
  /** Ascending by `updatedAtMs`; those of one time in an order that stays. */
  readonly rows: readonly SessionRow[];
  /** What to ask the next page with, opaque; absent when there is none. */
  readonly next?: string;
}

/** One page of sessions, the latest row of each. */
export interface SessionPage {
  /** Ascending by session id, in code point order. */
  readonly rows: readonly SessionRow[];
  /** Whether there are more after the last of them. */
  readonly more: boolean;
}

/**
 * Keeps what sessions were, as rows that are only ever added: of each session the latest row says what it is.
 *
 * The latest is the one with the greatest `updatedAtMs`; of several of one time the one appended last, in the order of one
 * process's calls and of the array of one call. A row that equals one that is kept already is not added again and stays in
 * its place, so that a caller may repeat an append whose answer it lost.
 *
 * `sessionStoreOver` makes one of any `Storage`; prove your own with `describeSessionStore` from `@mobkit/contract-kit`. It
 * has no `close`: whoever opened it closes it. Every method throws `MOB_STORE_UNAVAILABLE` (a retry may help) when the
 * backend cannot answer, `MOB_STORE_REFUSED` when it will not whatever the number of attempts, and `TypeError` for a wrong
 * argument.
 */
export interface SessionStore {
  /** `cursor`: `strict` when a row can be read once `append` has returned, `settled` when it can be some time later. */
  readonly supports: StorageSupports;

  /**
   * Adds rows, all or none where `supports.cursor` is `strict`; elsewhere repeat one that failed. What a caller changes in
   * them afterwards changes nothing.
   *
   * @throws TypeError when one of them cannot be kept; none was.
   */
  append(rows: readonly SessionRow[]): Promise<void>;

  /**
   * Every row that is kept.
   *
   * @throws TypeError for an `after` that no page had.
   */
  history(query?: SessionHistoryQuery): Promise<SessionHistoryPage>;

  /** The latest row of each session, tombstones included. */
  latest(query?: SessionQuery): Promise<SessionPage>;

  /** The latest row of each session whose latest is no tombstone. */
  live(query?: SessionQuery): Promise<SessionPage>;

  /**
   * Removes rows that a later one has taken the place of; what `latest` and `live` answer stays the same. It may leave some
   * that are too fresh to be removed.
   *
   * @returns How many were removed.
   */
  compact(): Promise<number>;
}
