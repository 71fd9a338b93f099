import type { Clock, FlushOptions, FlushReport, IngestStats, NewEvent } from '@mobkit/core';

import { EventQueue } from './event-queue.js';
import { FlushWaiters } from './flush-waiters.js';

/**
 * The events that are not settled, oldest first: those in the spool, those in an append, those being spilled, those that
 * wait. And what became of the others: every method moves events from one count to another, so that they add up at every
 * moment.
 */
export class EventBuffer {
  readonly #waiters: FlushWaiters;
  readonly #queue = new EventQueue();
  /** Ids in an append that failed and may have been stored all the same; of events that are not settled. */
  readonly #sent = new Set<string>();
  /** In the append under way, as long as they are nowhere else. */
  #inFlight: readonly NewEvent[] = [];
  readonly #refusedInFlight = new Set<NewEvent>();
  /** The append under way is of events in the spool. */
  #spooledFlight = false;
  #spilling = 0;
  #spilled: number;
  readonly #recovered: number;
  #accepted = 0;
  #persisted = 0;
  #duplicate = 0;
  #filtered = 0;
  readonly #dropped = { overflow: 0, refused: 0, corrupt: 0, closed: 0 };

  /** @param recovered - events in the spool already. */
  constructor(clock: Clock, recovered: number) {
    this.#waiters = new FlushWaiters(clock);
    this.#recovered = this.#spilled = recovered;
  }

  /** Events that wait in memory. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Events of the append under way that are in memory alone. */
  get inFlight(): readonly NewEvent[] {
    return this.#inFlight;
  }

  /** Events in memory. */
  get buffered(): number {
    return this.#queue.length + this.#inFlight.length + this.#spilling;
  }

  /** Events in the spool. */
  get spilled(): number {
    return this.#spilled;
  }

  /** Events older than the oldest that waits. */
  get ahead(): number {
    return this.#spilled + this.#inFlight.length + this.#spilling;
  }

  /** Whether somebody waits for events to be settled. */
  get awaited(): boolean {
    return this.#waiters.size > 0;
  }

  stats(): IngestStats {
    return {
      accepted: this.#accepted,
      recovered: this.#recovered,
      persisted: this.#persisted,
      duplicate: this.#duplicate,
      filtered: this.#filtered,
      spilled: this.#spilled,
      buffered: this.buffered,
      dropped: { ...this.#dropped },
    };
  }

  whenSettled(options: FlushOptions): Promise<FlushReport> {
    return this.#waiters.add(this.buffered + this.#spilled, options);
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

  /** Takes the oldest that wait for an append, at most `count`. `stored`, `putBack`, `refuse` or `abandon` follows. */
  take(count: number): readonly NewEvent[] {
    this.#spooledFlight = false;
    this.#inFlight = this.#queue.take(count);
    return this.#inFlight;
  }

  /** The oldest in the spool go into an append. One of the same follows. */
  takeSpooled(): void {
    this.#spooledFlight = true;
  }

  /** Of the events of an append, those that were not refused while it was under way. */
  left(events: readonly NewEvent[]): readonly NewEvent[] {
    if (this.#refusedInFlight.size === 0) return events;
    const left = events.filter((event) => !this.#refusedInFlight.has(event));
    this.#refusedInFlight.clear();
    return left;
  }

  /** All of these are in the log; `duplicates` as the store answered. Returns how many of them the spool has. */
  stored(events: readonly NewEvent[], duplicates: readonly string[]): number {
    const own = this.#sent.size > 0 ? knownBefore(events, duplicates).filter((id) => this.#sent.has(id)) : [];
    const duplicate = duplicates.length - own.length;
    this.#duplicate += duplicate;
    this.#persisted += events.length - duplicate;
    return this.#settle(events);
  }

  /** `mayBeStored`: the append failed in a way that leaves open what became of it. */
  putBack(events: readonly NewEvent[], mayBeStored: boolean): void {
    if (mayBeStored) for (const { id } of events) this.#sent.add(id);
    if (!this.#spooledFlight) this.#queue.putBack(events);
    this.#inFlight = [];
  }

  /** Returns how many of them the spool has. */
  refuse(events: readonly NewEvent[]): number {
    this.#dropped.refused += events.length;
    return this.#settle(events);
  }

  /** The oldest events of the spool cannot be read any more. */
  lost(count: number): void {
    this.#dropped.corrupt += count;
    this.#spilled -= count;
    this.#waiters.settled(count);
  }

  /** The oldest that wait, at most `count`; they stay. */
  oldest(count: number): readonly NewEvent[] {
    const events = this.#queue.take(count);
    this.#queue.putBack(events);
    return events;
  }

  /** Takes the oldest `count` that wait to be spilled. `spilledOver` or `spillAgain` follows. */
  takeToSpill(count: number): readonly NewEvent[] {
    const events = this.#queue.take(count);
    this.#spilling = events.length;
    return events;
  }

  /** What was taken is in the spool, but for those that could not be written, which are refused. */
  spilledOver(written: number, refused: readonly NewEvent[]): void {
    this.#spilling = 0;
    this.#spilled += written;
    this.#dropped.refused += refused.length;
    for (const { id } of refused) this.#sent.delete(id);
    this.#waiters.settled(refused.length, this.#spilled + this.#inFlight.length);
  }

  spillAgain(events: readonly NewEvent[]): void {
    this.#spilling = 0;
    this.#queue.putBack(events);
  }

  /** What is in the append under way is in the spool too, but for what could not be written, and is refused. */
  spilledInFlight(refused: readonly NewEvent[]): void {
    for (const event of refused) this.#refusedInFlight.add(event);
    this.#spilled += this.#inFlight.length - refused.length;
    this.#dropped.refused += refused.length;
    this.#inFlight = [];
    this.#spooledFlight = true;
  }

  /** Drops the oldest that waits. */
  dropOldest(): NewEvent | undefined {
    const event = this.#queue.shift();
    if (!event) return undefined;
    this.#sent.delete(event.id);
    this.#dropped.overflow++;
    this.#waiters.settled(1, this.ahead);
    return event;
  }

  /** Drops everything in memory, what is in an append too. Who waits is told, of what is in the spool as well. */
  abandon(): void {
    const left = this.buffered;
    this.#queue.take(this.#queue.length);
    this.#sent.clear();
    this.#inFlight = [];
    this.#spilling = 0;
    this.#dropped.closed += left;
    this.#waiters.settled(left, this.#spilled);
    this.#waiters.end();
  }

  #settle(events: readonly NewEvent[]): number {
    if (this.#sent.size > 0) for (const { id } of events) this.#sent.delete(id);
    const spooled = this.#spooledFlight ? events.length : 0;
    this.#spilled -= spooled;
    this.#inFlight = [];
    this.#waiters.settled(events.length);
    return spooled;
  }
}

/** The ids, each once, that were in the log before the append; not those that merely came twice in it. */
function knownBefore(events: readonly NewEvent[], duplicates: readonly string[]): readonly string[] {
  const fresh = new Map<string, number>();
  for (const { id } of events) fresh.set(id, (fresh.get(id) ?? 0) + 1);
  for (const id of duplicates) fresh.set(id, (fresh.get(id) ?? 0) - 1);
  return [...new Set(duplicates)].filter((id) => fresh.get(id) === 0);
}
