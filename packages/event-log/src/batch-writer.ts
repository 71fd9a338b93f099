import {
  type AppendResult,
  type Clock,
  type EventLogStore,
  isMobError,
  MobError,
  type NewEvent,
} from '@mobkit/core';

import { Bisection } from './bisection.js';
import type { EventBuffer } from './event-buffer.js';
import type { Health } from './health.js';
import { type Gap, Losses } from './losses.js';
import { refusesData } from './refuses-data.js';

export interface BatchWriterDeps {
  readonly store: EventLogStore;
  readonly buffer: EventBuffer;
  readonly health: Health;
  readonly clock: Clock;
  /** Events in one append, at most. */
  readonly largestBatch: number;
}

/**
 * What became of an append: stored; refused for what was in it, so that the next is smaller; or failed, for a reason
 * that says nothing about the events.
 */
export type AppendOutcome = 'failed' | 'refused' | 'stored';

/** Appends what waits, the oldest first, and decides what an answer means for it. One append at a time. */
export class BatchWriter {
  readonly #store: EventLogStore;
  readonly #buffer: EventBuffer;
  readonly #health: Health;
  readonly #clock: Clock;
  readonly #largestBatch: number;
  readonly #bisection: Bisection;
  readonly #losses = new Losses();
  /** The log refused a gap together with events: next goes the gap alone. */
  #gapAlone = false;
  #stopped = false;

  constructor({ store, buffer, health, clock, largestBatch }: BatchWriterDeps) {
    this.#store = store;
    this.#buffer = buffer;
    this.#health = health;
    this.#clock = clock;
    this.#largestBatch = largestBatch;
    this.#bisection = new Bisection(largestBatch);
  }

  /** Whether the log is to be told of dropped events. */
  get owesGap(): boolean {
    return this.#losses.pending;
  }

  /** Makes room for one event. */
  dropOldest(): void {
    const event = this.#buffer.dropOldest();
    if (!event) return;
    this.#bisection.passed(1, this.#buffer.inFlight);
    this.#losses.note('overflow', event);
    this.#health.overflowed();
  }

  /** The answer to an append under way counts for nothing. */
  stop(): void {
    this.#stopped = true;
  }

  /** Takes a batch before it returns its promise. The next append follows at once, unless this one `failed`. */
  async append(): Promise<AppendOutcome> {
    const gap = this.#losses.take(this.#clock.now());
    const room = this.#largestBatch - (gap ? 1 : 0);
    const events = this.#buffer.take(this.#gapAlone ? 0 : Math.min(this.#bisection.size, room));
    let result: AppendResult;
    try {
      const batch = gap ? [gap.event, ...events] : events;
      result = checkedAnswer(await this.#store.appendBatch(batch), batch.length);
    } catch (error) {
      return this.#stopped ? 'failed' : this.#turnedDown(error, events, gap);
    }
    if (!this.#stopped) this.#stored(result, events, gap);
    return 'stored';
  }

  #stored({ duplicates }: AppendResult, events: readonly NewEvent[], gap: Gap | undefined): void {
    this.#buffer.stored(events, gap ? duplicates.filter((id) => id !== gap.event.id) : duplicates);
    this.#gapAlone = false;
    if (events.length > 0) this.#bisection.stored(events.length);
    this.#health.worked(this.#buffer.buffered);
  }

  #turnedDown(error: unknown, events: readonly NewEvent[], gap: Gap | undefined): AppendOutcome {
    if (refusesData(error, events)) {
      this.#refused(error, events, gap);
      return 'refused';
    }
    // A refusal says that nothing was stored; any other failure leaves it open.
    this.#buffer.putBack(events, !isMobError(error, 'MOB_STORE_REFUSED'));
    if (gap) this.#losses.putBack(gap);
    this.#health.failed(error);
    return 'failed';
  }

  /** Makes the next append smaller, or drops what is found. */
  #refused(error: unknown, events: readonly NewEvent[], gap: Gap | undefined): void {
    const [first, ...others] = events;
    if (gap && first) {
      this.#buffer.putBack(events, false);
      this.#losses.putBack(gap);
      this.#gapAlone = true;
    } else if (gap) {
      this.#gapAlone = false;
      this.#health.gapRefused(error);
    } else if (first && others.length === 0) {
      this.#buffer.refuse(events);
      this.#losses.note('refused', first);
      this.#bisection.found();
      this.#health.refused(first, error);
    } else {
      this.#buffer.putBack(events, false);
      this.#bisection.refused(events.length);
    }
  }
}

/** A store of somebody else may answer with anything; nobody knows then what it did, as when an answer was lost. */
function checkedAnswer(answer: AppendResult | undefined, sent: number): AppendResult {
  const duplicates: unknown = answer?.duplicates;
  if (answer && Array.isArray(duplicates) && duplicates.length <= sent) return answer;
  throw new MobError(
    'MOB_STORE_UNAVAILABLE',
    'the event log did not answer an append with the `duplicates` it should name',
    { retryable: true },
  );
}
