import type { NewEvent } from './event-log.js';

/**
 * Takes events from whoever observes agents and modules, and brings them into an event log at its own pace.
 *
 * Made by `createEventIngestion` of `@mobkit/event-log`. Whoever made it closes it.
 */
export interface EventSink {
  /**
   * Takes an event. Never waits, never throws and keeps what it is given: do not change the event afterwards. What
   * cannot be kept is dropped and counted in `stats().dropped`. Events reach the log in the order they were given.
   */
  ingest(event: NewEvent): void;

  /**
   * Resolves when everything given before this call is either in the log or counted as filtered, duplicate or dropped;
   * or when `deadlineMs` have passed, or `signal` was aborted. Never rejects. Says how many of those events were left.
   */
  flush(options?: FlushOptions): Promise<FlushReport>;

  stats(): IngestStats;
}

/** How long to wait until what was given is in the log. */
export interface FlushOptions {
  /** Longest wait, in milliseconds. @defaultValue no limit */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /**
   * True: does not sit out the wait after a failure, but tries again at once. For who ends something and has little time;
   * readers leave it, or they would hammer a log that is down, each time one of them comes back.
   *
   * @defaultValue false
   */
  readonly retryNow?: boolean;
}

/** What a flush left behind. */
export interface FlushReport {
  /** Events given before the call that are not in the log yet, in memory or in the spool; 0 when all are settled. */
  readonly unflushed: number;
}

/**
 * What happened to every event, since the sink was made: the loss ledger. At every moment
 * `accepted + recovered = persisted + duplicate + filtered + spilled + buffered + dropped (all reasons)`.
 */
export interface IngestStats {
  /** Every call of `ingest`. */
  readonly accepted: number;
  /** Found in the spool, where an earlier process left them. */
  readonly recovered: number;
  /** In the log, by this sink. */
  readonly persisted: number;
  /** In the log already, by their id. */
  readonly duplicate: number;
  /** Turned away by the configured filter. */
  readonly filtered: number;
  /** In the spool on disk, and in memory no more; 0 without a spool. They are there after the process ended. */
  readonly spilled: number;
  /** In memory: waiting, or in the append under way. */
  readonly buffered: number;
  readonly dropped: DroppedEvents;
  /** Why nothing reaches the log now; absent while appends work. */
  readonly failing?: { readonly sinceMs: number; readonly error: string };
}

/** How many events were given and will never be in the log, by the reason, since the sink was made. */
export interface DroppedEvents {
  /** The oldest of more than could be kept, in memory or in the spool, while the log did not answer. */
  readonly overflow: number;
  /** Refused by the log whatever the number of attempts, or not storable at all; among the dead letters, if those are kept. */
  readonly refused: number;
  /** Lost in the spool: what was read back is not what was written. */
  readonly corrupt: number;
  /** Given after the sink was closed, or left over in memory when it was. */
  readonly closed: number;
}
