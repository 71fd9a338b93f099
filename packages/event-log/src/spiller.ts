import { type Clock, errorText, type NewEvent } from '@mobkit/core';

import { Backoff } from './backoff.js';
import type { DeadLetterBox } from './dead-letter-box.js';
import type { EventBuffer } from './event-buffer.js';
import { BUFFER_CAP } from './event-queue.js';
import type { Health } from './health.js';
import type { Losses } from './losses.js';
import type { EventSpool } from './spool/event-spool.js';

/** Events in one write to the spool: enough that a write costs each of them little. */
const WRITE_EVENTS = 512;

/** Or in one write of large ones, but for the last of them. */
const WRITE_CHARACTERS = 2 * 2 ** 20;

/** Half of what memory holds: the rest is for what comes while a write is under way. */
const SPILL_ABOVE = BUFFER_CAP / 2;

export interface SpillerDeps {
  readonly spool: EventSpool;
  readonly buffer: EventBuffer;
  /** Dropped events whose place is before the oldest that waits. */
  readonly losses: Losses;
  readonly health: Health;
  readonly deadLetters: DeadLetterBox | undefined;
  readonly clock: Clock;
}

/** Moves events from memory to the spool, the oldest first, while the log fails or memory fills. */
export class Spiller {
  readonly #deps: SpillerDeps;
  readonly #backoff: Backoff;
  #working: Promise<void> | undefined;
  /** A write under way. */
  #writing: Promise<void> | undefined;
  #failing = false;
  #told = false;
  /** Nothing may be left in memory. */
  #ending = false;
  #stopped = false;

  constructor(deps: SpillerDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff(deps.clock);
  }

  /** Begins to spill if there is reason to. */
  wake(): void {
    if (this.#working || !this.#hasWork()) return;
    this.#working = Promise.resolve().then(() => this.#work());
  }

  /** The write under way, if there is one: what it carries is neither in memory nor in the spool. */
  get writing(): Promise<void> | undefined {
    return this.#writing;
  }

  /** Spills all of memory, what is in an append too. Resolves when that is done, or the spool takes no more. */
  async finish(): Promise<void> {
    this.#ending = true;
    this.#backoff.cut();
    // What was under way may have failed for a reason that holds no more.
    await this.#working;
    this.wake();
    await this.#working;
  }

  /** Resolves when what was to be spilled is, or the spool takes no more at the moment. */
  async rested(): Promise<void> {
    while (this.#working && !this.#failing) await (this.#writing ?? this.#working);
  }

  stop(): void {
    this.#stopped = true;
    this.#backoff.cut();
  }

  #hasWork(): boolean {
    const { buffer, health } = this.#deps;
    if (this.#stopped) return false;
    if (this.#ending || health.isFailing) return buffer.waiting + buffer.inFlight.length > 0;
    return buffer.waiting > SPILL_ABOVE;
  }

  async #work(): Promise<void> {
    while (this.#hasWork()) {
      this.#writing = this.#write().then(
        () => this.#well(),
        (error: unknown) => this.#failed(error),
      );
      await this.#writing;
      this.#writing = undefined;
      if (!this.#failing) continue;
      if (this.#ending || this.#stopped) break;
      await this.#backoff.wait();
    }
    this.#working = undefined;
  }

  async #write(): Promise<void> {
    const { spool, buffer, losses, clock } = this.#deps;
    if (buffer.inFlight.length > 0) {
      // Older than what waits, and nobody knows yet whether the log has them.
      const { lines, refused } = allLines(buffer.inFlight);
      await spool.append(lines);
      buffer.spilledInFlight(refused.map(({ event }) => event));
      for (const { event, error } of refused) this.#refuse(event, error);
      return;
    }
    const { lines, bad } = toLines(buffer.oldest(WRITE_EVENTS));
    // So that a gap comes right after it, and a write of large events takes little memory, the others follow in the next.
    const events = buffer.takeToSpill(lines.length + (bad ? 1 : 0));
    const gap = losses.take(clock.now());
    try {
      if (lines.length > 0) await spool.append(lines, gap && JSON.stringify(gap.event));
    } catch (error) {
      buffer.spillAgain(events);
      if (gap) losses.putBack(gap);
      throw error;
    }
    if (gap && lines.length === 0) losses.putBack(gap);
    buffer.spilledOver(lines.length, bad ? [bad.event] : []);
    if (bad) this.#refuse(bad.event, bad.error);
  }

  #refuse(event: NewEvent, error: unknown): void {
    const { losses, health, deadLetters } = this.#deps;
    losses.note('refused', event);
    health.refused(event, error);
    deadLetters?.add(event, errorText(error));
  }

  #well(): void {
    this.#failing = false;
    // Not at once: a disk on which now and then a little becomes free would be told of each time.
    if (this.#deps.buffer.waiting === 0) this.#told = false;
    this.#backoff.reset();
  }

  #failed(error: unknown): void {
    if (!this.#told) this.#deps.spool.tell(`takes no events: ${errorText(error)}; will retry`);
    this.#told = this.#failing = true;
  }
}

interface Bad {
  readonly event: NewEvent;
  readonly error: unknown;
}

/** The oldest as lines for one write: up to the first that is not JSON, or until there are enough. */
function toLines(events: readonly NewEvent[]): { readonly lines: readonly string[]; readonly bad?: Bad } {
  const lines: string[] = [];
  let left = WRITE_CHARACTERS;
  for (const event of events) {
    try {
      const line = toLine(event);
      lines.push(line);
      left -= line.length;
    } catch (error) {
      return { lines, bad: { event, error } };
    }
    if (left <= 0) break;
  }
  return { lines };
}

function allLines(events: readonly NewEvent[]) {
  const lines: string[] = [];
  const refused: Bad[] = [];
  for (const event of events) {
    try {
      lines.push(toLine(event));
    } catch (error) {
      refused.push({ event, error });
    }
  }
  return { lines, refused };
}

/** @throws TypeError for what would not come back as it was, and whatever a `toJSON` throws. */
function toLine(event: NewEvent): string {
  const { event: said } = event;
  if ('payload' in said && said.payload === undefined) {
    throw new TypeError(`payload of event "${event.id}" is undefined: leave it out, or give null`);
  }
  return JSON.stringify(event);
}
