import {
  backoffMs,
  type DeadLetter,
  delay,
  isMobError,
  MobError,
  type PersistedEvent,
  shownErrorText,
} from '@mobkit/core';

import { deadLetterOf } from '../dead-letter-of.js';
import type { ShipperDeps } from './shipper-deps.js';
import { refusalIn, standIn } from './stand-in.js';

/** How often an event is put on its own before it is given up. */
const ATTEMPTS = 3;

/**
 * Finds the event for which an archive refuses a batch, and puts it aside: into the dead letters, with another in its place that
 * says so. An archive that does not take that one either refuses everything, and then nothing is put aside.
 */
export class RefusedEvents {
  readonly #deps: ShipperDeps;
  readonly #signal: AbortSignal;
  /** Of the oldest that are not archived so many are put next. */
  #most: number;
  #attempts: { readonly seq: number; count: number } = { seq: 0, count: 0 };
  /** What the archive was given in place of an event, and has not said whether it took. */
  #unanswered: PutAside | undefined;
  /** Whose event is gone from the way, and which is not kept yet. */
  #letter: DeadLetter | undefined;
  #count = 0;

  constructor(deps: ShipperDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#most = deps.batchSize;
    // Whoever put it aside may not have come to its letter. The same letter again is the same one.
    if (deps.lastArchived) this.#letter = letterIn(deps.lastArchived);
  }

  /** Events that were put aside. */
  get count(): number {
    return this.#count;
  }

  /** Whether one waits to be kept. */
  get hasLetter(): boolean {
    return this.#letter !== undefined;
  }

  get most(): number {
    return this.#most;
  }

  /** Keeps the letter that is not kept yet. Throws what its store throws. */
  async keepLetter(): Promise<void> {
    if (this.#letter) await this.#deps.deadLetters?.put(this.#letter);
    this.#letter = undefined;
  }

  /**
   * Answers whether an event is aside after all, of which the archive did not say so: its letter is next then.
   *
   * @param archivedTo - The last event of the archive, as it says now.
   */
  async isAside(archivedTo: number): Promise<boolean> {
    const asked = this.#unanswered;
    if (!asked) return false;
    const { seq } = asked.event;
    const page =
      archivedTo < seq ? undefined : await this.#deps.archive.query({ afterSeq: seq - 1, limit: 1 });
    this.#unanswered = undefined;
    const archived = page?.events[0];
    const refusal = archived && refusalIn(archived);
    if (!refusal) return false;
    this.#aside({ event: asked.event, archived }, refusal.error);
    return true;
  }

  archived(): void {
    this.#most = Math.min(this.#most * 2, this.#deps.batchSize);
  }

  /**
   * Takes what the archive said to a batch. Answers whether its one event was put aside; if not, a smaller one is next, or the
   * same after a pause. Throws what is no event's fault.
   */
  async refused(events: readonly PersistedEvent[], error: unknown): Promise<boolean> {
    const [event] = events;
    if (!event || !this.#deps.deadLetters || !refusesData(error)) throw error;
    if (events.length > 1) {
      this.#most = beforeNamed(error, events) ?? Math.ceil(events.length / 2);
      return false;
    }
    if (this.#attempts.seq !== event.seq) this.#attempts = { seq: event.seq, count: 0 };
    if (++this.#attempts.count < ATTEMPTS) {
      await delay(this.#deps.clock, backoffMs(this.#attempts.count), this.#signal);
      return false;
    }
    await this.#putAside(event, error);
    return true;
  }

  async #putAside(event: PersistedEvent, error: unknown): Promise<void> {
    const { archive, clock } = this.#deps;
    const said = shownErrorText(error);
    const instead = standIn(event, { refusedAtMs: clock.now(), error: said });
    this.#unanswered = { event, archived: instead };
    try {
      await archive.put([instead]);
    } catch (other) {
      if (!refusesData(other)) throw other;
      this.#unanswered = undefined;
      throw refusesAll(error);
    }
    this.#unanswered = undefined;
    this.#aside({ event, archived: instead }, said);
  }

  #aside(put: PutAside, said: string): void {
    const { id, seq } = put.event;
    this.#count += 1;
    this.#letter = letterIn(put);
    const text = `The event archive refuses event "${id}" (${seq}): ${said}; it is among the dead letters`;
    this.#deps.onError({ category: 'event_archive_refused', eventId: id, seq, error: text });
  }
}

interface PutAside {
  readonly event: PersistedEvent;
  /** What stands in for it. */
  readonly archived: PersistedEvent;
}

function refusesData(error: unknown): boolean {
  return isMobError(error, 'MOB_STORE_REFUSED') && error.details['reason'] === 'data';
}

/** How many events come before the one that is named, and that one alone if none does. */
function beforeNamed(error: unknown, events: readonly PersistedEvent[]): number | undefined {
  const seq = isMobError(error) ? error.details['seq'] : undefined;
  const at = events.findIndex((event) => event.seq === seq);
  return at === -1 ? undefined : Math.max(at, 1);
}

/** Not retryable by itself, and yet tried again: somebody has to mend the archive. */
function refusesAll(cause: unknown): MobError {
  const message = `it refuses whatever it is given, so that no event is put aside: ${shownErrorText(cause)}`;
  return new MobError('MOB_STORE_REFUSED', message, { cause });
}

function letterIn({
  event,
  archived,
}: {
  readonly event: PersistedEvent | undefined;
  readonly archived: PersistedEvent;
}): DeadLetter | undefined {
  const refusal = refusalIn(archived);
  if (!refusal) return undefined;
  const { refusedAtMs, error } = refusal;
  return deadLetterOf({
    event: event ?? archived,
    error: `refused by the event archive: ${error}`,
    refusedAtMs,
    unique: `archive-${archived.seq}`,
  });
}
