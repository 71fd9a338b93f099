import {
  type AppendResult,
  type Clock,
  errorText,
  type EventLogStore,
  isMobError,
  MobError,
  type NewEvent,
} from '@mobkit/core';

import { Bisection } from './bisection.js';
import type { DeadLetterBox } from './dead-letter-box.js';
import type { EventBuffer } from './event-buffer.js';
import type { Health } from './health.js';
import type { Gap, Losses } from './losses.js';
import { refusesData } from './refuses-data.js';
import type { Spiller } from './spiller.js';
import type { SpooledEvents } from './spooled-events.js';

export interface BatchWriterDeps {
  readonly store: EventLogStore;
  readonly buffer: EventBuffer;
  /** Dropped events whose place is before the oldest that waits. */
  readonly losses: Losses;
  readonly spool: { readonly events: SpooledEvents; readonly spiller: Spiller } | undefined;
  readonly deadLetters: DeadLetterBox | undefined;
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

interface Batch {
  /** Each tells of what is missing before the events. */
  readonly gaps: readonly Gap[];
  readonly events: readonly NewEvent[];
}

/** Appends the oldest, from the spool or from memory, and decides what an answer means for it. One append at a time. */
export class BatchWriter {
  readonly #deps: BatchWriterDeps;
  readonly #bisection: Bisection;
  /** The log refused a gap together with events: next goes the gap alone. */
  #gapAlone = false;
  #stopped = false;

  constructor(deps: BatchWriterDeps) {
    this.#deps = deps;
    this.#bisection = new Bisection(deps.largestBatch);
  }

  /** Makes room for one event. */
  dropOldest(): void {
    const { buffer, losses, health } = this.#deps;
    const event = buffer.dropOldest();
    if (!event) return;
    this.#bisection.passed(1, buffer.ahead);
    losses.note('overflow', event);
    health.overflowed();
  }

  /** The answer to an append under way counts for nothing. */
  stop(): void {
    this.#stopped = true;
  }

  /** Takes a batch, from memory before it returns its promise. The next append follows at once, unless this one `failed`. */
  append(): Promise<AppendOutcome> {
    const { spool } = this.#deps;
    return spool ? this.#appendOldest(spool) : this.#appendWaiting();
  }

  async #appendOldest({ events, spiller }: NonNullable<BatchWriterDeps['spool']>): Promise<AppendOutcome> {
    // What is being spilled is older than what waits; what is in the spool already is older still.
    while (spiller.writing && this.#deps.buffer.spilled === 0) await spiller.writing;
    return this.#deps.buffer.spilled > 0 ? this.#appendSpooled(events) : this.#appendWaiting();
  }

  async #appendWaiting(): Promise<AppendOutcome> {
    const { buffer, losses, clock, largestBatch } = this.#deps;
    const gap = losses.take(clock.now());
    const room = largestBatch - (gap ? 1 : 0);
    const events = buffer.take(this.#gapAlone ? 0 : Math.min(this.#bisection.size, room));
    const batch = { gaps: gap ? [gap] : [], events };
    const outcome = await this.#send(batch, () => {
      if (gap) losses.putBack(gap);
    });
    return outcome;
  }

  async #appendSpooled(spooled: SpooledEvents): Promise<AppendOutcome> {
    const read = await spooled.read(this.#bisection.size);
    if (!read || this.#stopped) return 'failed';
    const { lost, gaps } = read;
    const events = this.#gapAlone && gaps.length > 0 ? [] : read.events;
    this.#bisection.passed(lost);
    if (gaps.length + events.length === 0) return 'stored';
    this.#deps.buffer.takeSpooled();
    return this.#send({ gaps, events }, () => spooled.putBack(gaps));
  }

  async #send(batch: Batch, putGapsBack: () => void): Promise<AppendOutcome> {
    const { store, buffer, spool } = this.#deps;
    const sent = [...batch.gaps.map(({ event }) => event), ...batch.events];
    let answer: AppendResult | undefined;
    let failure: unknown;
    try {
      answer = checkedAnswer(await store.appendBatch(sent), sent.length);
    } catch (error) {
      failure = error;
    }
    // What is in the append may be on its way into the spool as well: in the first write since, and in no other. Where there
    // is none, nothing may come between the answer and what it changes.
    if (spool?.spiller.writing) await spool.spiller.writing;
    if (this.#stopped) return answer ? 'stored' : 'failed';
    const left = { ...batch, events: buffer.left(batch.events) };
    if (!answer) return this.#turnedDown(failure, left, putGapsBack);
    await this.#stored(answer, left);
    return 'stored';
  }

  async #stored({ duplicates }: AppendResult, { gaps, events }: Batch): Promise<void> {
    const { buffer, health, spool } = this.#deps;
    const own = new Set(gaps.map(({ event }) => event.id));
    const spooled = buffer.stored(
      events,
      duplicates.filter((id) => !own.has(id)),
    );
    this.#gapAlone = false;
    if (events.length > 0) this.#bisection.stored(events.length);
    health.worked(buffer.buffered);
    await spool?.events.settled(spooled, gaps);
  }

  async #turnedDown(error: unknown, batch: Batch, putGapsBack: () => void): Promise<AppendOutcome> {
    const { buffer, health } = this.#deps;
    if (refusesData(error, [...batch.gaps.map(({ event }) => event), ...batch.events])) {
      await this.#refused(error, batch, putGapsBack);
      return 'refused';
    }
    // A refusal says that nothing was stored; any other failure leaves it open.
    buffer.putBack(batch.events, !isMobError(error, 'MOB_STORE_REFUSED'));
    putGapsBack();
    health.failed(error);
    return 'failed';
  }

  /** Makes the next append smaller, or drops what is found. */
  async #refused(error: unknown, { gaps, events }: Batch, putGapsBack: () => void): Promise<void> {
    const { buffer, losses, deadLetters, health, spool } = this.#deps;
    const [first, ...others] = events;
    if (gaps.length > 0 && first) {
      buffer.putBack(events, false);
      putGapsBack();
      this.#gapAlone = true;
    } else if (gaps.length > 0) {
      this.#gapAlone = false;
      health.gapRefused(error);
      await spool?.events.settled(0, gaps);
    } else if (first && others.length === 0) {
      const spooled = buffer.refuse(events);
      (spooled > 0 && spool ? spool.events.losses : losses).note('refused', first);
      this.#bisection.found();
      health.refused(first, error);
      deadLetters?.add(first, errorText(error));
      await spool?.events.settled(spooled, []);
    } else {
      buffer.putBack(events, false);
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
