import type {
  EventLogStore,
  EventSink,
  FlushOptions,
  FlushReport,
  IngestStats,
  NewEvent,
} from '@mobkit/core';

/** An ingestion of ten lines: keeps events in memory until it is asked to flush, then appends them to the log. */
export class BufferSink implements EventSink {
  readonly #log: EventLogStore;
  #buffer: NewEvent[] = [];
  #accepted = 0;
  #persisted = 0;
  #filtered = 0;
  #overflow = 0;
  /** While set, a flush is stuck until its deadline, as with a store that is down. */
  down = false;
  /** Event types that are turned away. */
  filter = new Set<string>();
  flushes: FlushOptions[] = [];

  constructor(log: EventLogStore) {
    this.#log = log;
  }

  ingest(event: NewEvent): void {
    this.#accepted += 1;
    if (this.filter.has(event.event.eventType)) this.#filtered += 1;
    else this.#buffer.push(event);
  }

  /** Forgets what has not been flushed: a crash, or a buffer that was full. */
  lose(): void {
    this.#overflow += this.#buffer.length;
    this.#buffer = [];
  }

  async flush(options: FlushOptions = {}): Promise<FlushReport> {
    this.flushes.push(options);
    const { signal, deadlineMs } = options;
    if (this.down) {
      if (deadlineMs === undefined) {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
      }
      return { unflushed: this.#buffer.length };
    }
    const batch = this.#buffer;
    this.#buffer = [];
    if (batch.length > 0) await this.#log.appendBatch(batch);
    this.#persisted += batch.length;
    return { unflushed: 0 };
  }

  stats(): IngestStats {
    return {
      accepted: this.#accepted,
      recovered: 0,
      spilled: 0,
      persisted: this.#persisted,
      duplicate: 0,
      filtered: this.#filtered,
      buffered: this.#buffer.length,
      dropped: { overflow: this.#overflow, refused: 0, corrupt: 0, closed: 0 },
    };
  }
}
