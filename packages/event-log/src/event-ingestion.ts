import type { EventSink, IngestStats } from '@mobkit/core';

/** An `EventSink` that is closed by whoever made it. */
export interface EventIngestion extends EventSink {
  stats(): IngestionStats;

  /**
   * Takes no more events, writes what is buffered, and stops every timer. Attempts begin at once, also in the wait after
   * a failure. What is left when `deadlineMs` have passed counts as `dropped.closed`, an append under way included,
   * although the store may still keep that one. Never rejects; a second call gets the first one's result.
   */
  close(options?: CloseOptions): Promise<IngestionStats>;
}

/** How long closing may take. */
export interface CloseOptions {
  /** Longest wait for the final flush, in milliseconds. @defaultValue 5000 */
  readonly deadlineMs?: number;
}

/** Counts the calls of `ingest` alone: the `event_log.gap` events an ingestion writes by itself are in none of them. */
export interface IngestionStats extends IngestStats {
  /** Events kept because the filter threw at them; counted elsewhere too, by what became of them. */
  readonly filterFailures: number;
}
