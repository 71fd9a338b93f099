import type { Clock, FlushOptions, FlushReport, IngestStats, NewEvent } from '@mobkit/core';

import { EventQueue } from './event-queue.js';
import { FlushWaiters } from './flush-waiters.js';

/**
 * The unflushed events, and what became of the others: every method moves events from one count to another, so that
 * they add up at every moment.
 */
export class EventBuffer {
  readonly #waiters: FlushWaiters;
  readonly #queue = new EventQueue();
  /** Ids in an append that failed and may have been stored all the same; of events that are still buffered. */
  readonly #sent = new Set<string>();
  #inFlight = 0;
  #accepted = 0;
  #persisted = 0;
  #duplicate = 0;
  #filtered = 0;
  readonly #dropped = { overflow: 0, refused: 0, corrupt: 0, closed: 0 };

  constructor(clock: Clock) {
    this.#waiters = new FlushWaiters(clock);
  }

  /** Events that are in no append. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Events in the append under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  get buffered(): number {
    return this.#queue.length + this.#inFlight;
  }

  /** Whether somebody waits for events to be settled. */
  get awaited(): boolean {
    return this.#waiters.size > 0;
  }

  stats(): IngestStats {
    return {
      accepted: this.#accepted,
      recovered: 0,
      persisted: this.#persisted,
      duplicate: this.#duplicate,
      filtered: this.#filtered,
      spilled: 0,
      buffered: this.buffered,
      dropped: { ...this.#dropped },
    };
  }

  whenSettled(options: FlushOptions): Promise<FlushReport> {
    return this.#waiters.add(this.buffered, options);
  }

  push(event: NewEvent): void {
    this.#accepted++;
    this.#queue.push(event);
  }

  turnAway(reason: 'closed' | 'filtered' | 'refused'): void {
    this.#accepted++;
    if (reason === 'filtered') this.#filtered++;
    else this.#dropped[reason]++;
  }

  /** Takes the oldest for an append, at most `count`. One of the next three follows, or `abandon`. */
  take(count: number): readonly NewEvent[] {
    const events = this.#queue.take(count);
    this.#inFlight = events.length;
    return events;
  }

  /** All of these are in the log; `duplicates` as the store answered. */
  stored(events: readonly NewEvent[], duplicates: readonly string[]): void {
    const own = this.#sent.size > 0 ? knownBefore(events, duplicates).filter((id) => this.#sent.has(id)) : [];
    const duplicate = duplicates.length - own.length;
    this.#duplicate += duplicate;
    this.#persisted += events.length - duplicate;
    this.#settle(events);
  }

  /** `mayBeStored`: the append failed in a way that leaves open what became of it. */
  putBack(events: readonly NewEvent[], mayBeStored: boolean): void {
    if (mayBeStored) for (const { id } of events) this.#sent.add(id);
    this.#inFlight = 0;
    this.#queue.putBack(events);
  }

  refuse(events: readonly NewEvent[]): void {
    this.#dropped.refused += events.length;
    this.#settle(events);
  }

  /** Drops the oldest that is in no append. */
  dropOldest(): NewEvent | undefined {
    const event = this.#queue.shift();
    if (!event) return undefined;
    this.#sent.delete(event.id);
    this.#dropped.overflow++;
    this.#waiters.settled(1, this.#inFlight);
    return event;
  }

  /** Drops everything, what is in an append too. */
  abandon(): void {
    const left = this.buffered;
    this.#queue.take(left);
    this.#sent.clear();
    this.#inFlight = 0;
    this.#dropped.closed += left;
    this.#waiters.settled(left);
  }

  #settle(events: readonly NewEvent[]): void {
    if (this.#sent.size > 0) for (const { id } of events) this.#sent.delete(id);
    this.#inFlight = 0;
    this.#waiters.settled(events.length);
  }
}

/** The ids, each once, that were in the log before the append; not those that merely came twice in it. */
function knownBefore(events: readonly NewEvent[], duplicates: readonly string[]): readonly string[] {
  const fresh = new Map<string, number>();
  for (const { id } of events) fresh.set(id, (fresh.get(id) ?? 0) + 1);
  for (const id of duplicates) fresh.set(id, (fresh.get(id) ?? 0) - 1);
  return [...new Set(duplicates)].filter((id) => fresh.get(id) === 0);
}
