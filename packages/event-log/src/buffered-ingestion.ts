import {
  type Clock,
  delay,
  type FlushOptions,
  type FlushReport,
  type IngestStats,
  type NewEvent,
  systemClock,
} from '@mobkit/core';

import { Backoff } from './backoff.js';
import { BatchWriter } from './batch-writer.js';
import { DeadLetterBox } from './dead-letter-box.js';
import { EventBuffer } from './event-buffer.js';
import type { CloseOptions, EventIngestion, IngestionStats } from './event-ingestion.js';
import { BUFFER_CAP } from './event-queue.js';
import { Health } from './health.js';
import { Losses } from './losses.js';
import { checkedSizes, type EventIngestionOptions } from './options.js';
import { Spiller } from './spiller.js';
import { SpooledEvents } from './spooled-events.js';

type Filter = NonNullable<EventIngestionOptions['filter']>;

/** Events in one append when many wait: larger ones are hardly faster, and hold the event loop up for longer. */
const LARGEST_BATCH = 512;

const CLOSE_DEADLINE_MS = 5_000;

/** What `createEventIngestion` returns: takes events in, and decides when to append. */
export class BufferedIngestion implements EventIngestion {
  readonly #filter: Filter | undefined;
  readonly #batchSize: number;
  readonly #flushIntervalMs: number;
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #buffer: EventBuffer;
  readonly #writer: BatchWriter;
  readonly #losses: Losses;
  readonly #spiller: Spiller | undefined;
  readonly #deadLetters: DeadLetterBox | undefined;
  readonly #backoff: Backoff;
  #filterFailures = 0;

  /** The loop that appends, while it runs. */
  #working: Promise<void> | undefined;
  /** What waits should go, though it is less than a batch. */
  #due = false;
  #cancelTimer: (() => void) | undefined;
  #closing: Promise<IngestionStats> | undefined;
  #closed = false;
  #ended = false;

  constructor(options: EventIngestionOptions) {
    const { store, filter, clock = systemClock, onError } = options;
    const { batchSize, flushIntervalMs } = checkedSizes(options);
    this.#filter = filter;
    this.#batchSize = batchSize;
    this.#flushIntervalMs = flushIntervalMs;
    this.#clock = clock;
    this.#health = new Health(clock, onError);
    const { spool, deadLetters } = options;
    this.#buffer = new EventBuffer(clock, spool?.recovered ?? 0);
    this.#losses = new Losses(() => droppedIn(this.#buffer.stats()));
    this.#deadLetters = deadLetters && new DeadLetterBox(deadLetters, clock, this.#health);
    const parts = {
      buffer: this.#buffer,
      losses: this.#losses,
      deadLetters: this.#deadLetters,
      health: this.#health,
      clock,
    };
    this.#spiller = spool && new Spiller({ ...parts, spool });
    this.#writer = new BatchWriter({
      ...parts,
      store,
      spool: spool &&
        this.#spiller && {
          events: new SpooledEvents(
            spool,
            this.#buffer,
            new Losses(() => droppedIn(this.#buffer.stats())),
            clock,
          ),
          spiller: this.#spiller,
        },
      largestBatch: Math.max(LARGEST_BATCH, batchSize),
    });
    this.#backoff = new Backoff(clock);
    // What an earlier process left.
    this.#wake();
  }

  ingest(event: NewEvent): void {
    if (this.#closed) return this.#buffer.turnAway('closed');
    // `ingest` cannot throw, and a hole in the buffer would stop every flush.
    if (!event) return this.#refuseUnusable(event);
    if (this.#filter && !this.#passes(this.#filter, event)) return this.#buffer.turnAway('filtered');
    if (this.#buffer.buffered === BUFFER_CAP) this.#writer.dropOldest();
    this.#buffer.push(event);
    if (this.#buffer.waiting >= this.#batchSize) this.#wake();
    else if (this.#buffer.waiting === 1) this.#startTimer();
    this.#spiller?.wake();
  }

  flush(options: FlushOptions = {}): Promise<FlushReport> {
    const { buffered, spilled } = this.#buffer;
    // Nothing is written any more: nobody would ever be told.
    if (this.#ended) return Promise.resolve({ unflushed: buffered + spilled });
    const flushed = this.#buffer.whenSettled(options);
    if (options.signal?.aborted) return flushed;
    if (options.retryNow) this.#hurry();
    else this.#wake();
    return flushed;
  }

  stats(): IngestionStats {
    const { failing } = this.#health;
    return { ...this.#buffer.stats(), ...(failing && { failing }), filterFailures: this.#filterFailures };
  }

  close({ deadlineMs = CLOSE_DEADLINE_MS }: CloseOptions = {}): Promise<IngestionStats> {
    return (this.#closing ??= this.#close(deadlineMs));
  }

  async #close(deadlineMs: number): Promise<IngestionStats> {
    this.#closed = true;
    this.#hurry();
    const drained = new AbortController();
    const deadline = delay(this.#clock, deadlineMs, drained.signal);
    await Promise.race([this.#drain(), deadline]);
    this.#ended = true;
    this.#writer.stop();
    this.#cancelTimer?.();
    this.#backoff.cut();
    // A disk that does not answer either is waited for as long as a log that does not.
    if (this.#spiller && this.#buffer.buffered > 0) {
      await Promise.race([this.#spiller.finish(), delay(this.#clock, deadlineMs, drained.signal)]);
    }
    drained.abort();
    this.#spiller?.stop();
    this.#deadLetters?.stop();
    this.#buffer.abandon();
    return this.stats();
  }

  async #drain(): Promise<void> {
    await this.#working;
    await this.#deadLetters?.emptied();
  }

  #refuseUnusable(event: unknown): void {
    this.#buffer.turnAway('refused');
    this.#health.unusable(event);
    this.#deadLetters?.add(event, 'is not an event');
  }

  #passes(filter: Filter, { event }: NewEvent): boolean {
    try {
      return filter(event);
    } catch (error) {
      if (this.#filterFailures++ === 0) this.#health.filterFailed(error);
      return true;
    }
  }

  /** Whether the next process will find all that is left. */
  async #allSpilled(): Promise<boolean> {
    await this.#spiller?.rested();
    return this.#buffer.buffered === 0 && this.#buffer.spilled > 0;
  }

  #startTimer(): void {
    const due = () => {
      this.#cancelTimer = undefined;
      this.#due = true;
      this.#wake();
    };
    // Whoever wants what waits to be kept closes the ingestion; a host that only ends is not held up.
    this.#cancelTimer ??= this.#clock.after(this.#flushIntervalMs, due, { background: true });
  }

  /** Appends what waits now, also in the wait after a failure. */
  #hurry(): void {
    this.#backoff.cut();
    this.#wake();
  }

  #wake(): void {
    if (this.#working || !this.#hasWork()) return;
    // Not in the caller's turn: a store may be slow before its first `await`, and a burst goes in one append.
    this.#working = Promise.resolve().then(() => this.#work());
  }

  #hasWork(): boolean {
    if (this.#ended) return false;
    // In the spool, or on the way there.
    if (this.#losses.pending || this.#buffer.ahead > 0) return true;
    const { waiting, awaited } = this.#buffer;
    return waiting >= this.#batchSize || (waiting > 0 && (this.#due || this.#closed || awaited));
  }

  async #work(): Promise<void> {
    while (this.#hasWork()) {
      const appended = this.#writer.append();
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
      // What was left has waited as long as what goes.
      this.#due = this.#buffer.waiting > 0;
      const outcome = await appended;
      // So has what came back.
      if (outcome !== 'stored') this.#due = true;
      if (outcome !== 'failed' || this.#ended) {
        this.#backoff.reset();
        continue;
      }
      this.#spiller?.wake();
      if (this.#closed && (await this.#allSpilled())) break;
      await this.#backoff.wait();
    }
    this.#working = undefined;
  }
}

function droppedIn({ dropped }: IngestStats): number {
  return dropped.overflow + dropped.refused + dropped.corrupt;
}
