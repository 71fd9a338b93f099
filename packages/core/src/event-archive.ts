import type { EventLogSupports, EventPage, EventQuery, PersistedEvent } from './event-log.js';
import type { LogBounds } from './ordered-log.js';

/** As a query of an event log, with an upper bound. */
export interface EventArchiveQuery extends EventQuery {
  /** Exclusive upper bound on `seq`. */
  readonly beforeSeq?: number;
}

/**
 * Keeps events of another log under the numbers that one gave them, for as long as that one does not want to.
 *
 * What it holds has no hole: from `firstSeq` to `lastSeq` of `bounds` every event can be read. `eventArchiveOver` makes one
 * of any `Storage`; prove your own with `describeEventArchive` from `@mobkit/contract-kit`.
 *
 * Every method throws `MOB_STORE_UNAVAILABLE` (retryable) when the backend cannot answer, `MOB_STORE_REFUSED` when it will
 * not whatever the number of attempts, and `TypeError` for a wrong argument.
 */
export interface EventArchive {
  readonly supports: Pick<EventLogSupports, 'durable'>;

  /**
   * Takes events in the order of their `seq`, without a hole among them, that follow what it holds. Those at or below
   * `lastSeq` are held already and left out, so a caller may put the same again after a failure. The first event an empty
   * archive is given may have any `seq`. They count as held, in `bounds`, once they can be read.
   *
   * @throws MobError `MOB_CONFLICT` when events between `lastSeq` and the first of these are missing, or somebody else put
   * some meanwhile: ask for the bounds again. `MOB_STORE_REFUSED` with `details.reason` `data` for an event that it never takes,
   * and none of them is held then; `details.seq` says which, where that is known.
   */
  put(events: readonly PersistedEvent[]): Promise<void>;

  /** What can be read; `lastSeq` 0 when it never held anything. */
  bounds(): Promise<LogBounds>;

  /** As `EventLogStore.query`, over what it holds. */
  query(query: EventArchiveQuery): Promise<EventPage>;

  /**
   * Removes what takes room and counts no more, e.g. rows that were written twice, and returns how much went; what can be read stays
   * the same. Events may be put meanwhile. An aborted `signal` ends it soon. Absent where there is never anything to remove.
   */
  compact?(signal?: AbortSignal): Promise<number>;
}
