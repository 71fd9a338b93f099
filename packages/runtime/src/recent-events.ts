import type { TimelineEvent } from './timeline.js';

/** Events kept in memory for readers that are a little behind. */
const RECENT_EVENTS = 4096;

/** And at most this many characters of payload among them, but always the newest event. */
const RECENT_CHARACTERS = 4 * 1024 * 1024;

export type RecentEvent = TimelineEvent & { readonly ingestedAtMs: number };

interface Slot {
  readonly event: RecentEvent;
  /** Of its payload, kept so that taking the event out needs nothing that could fail. */
  readonly characters: number;
}

/** The newest events of one epoch, by number. What falls out is for the event log to give. */
export class RecentEvents {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: RECENT_EVENTS });
  #first = 1;
  #last = 0;
  #characters = 0;

  /** The number of the oldest that is still here; one more than `last` when none is. */
  get first(): number {
    return this.#first;
  }

  /** The number of the newest; 0 before there is one. */
  get last(): number {
    return this.#last;
  }

  /** Takes the next event. */
  append(event: RecentEvent, characters: number): void {
    if (this.#last - this.#first + 1 === RECENT_EVENTS) this.#dropFirst();
    this.#last += 1;
    this.#slots[this.#last % RECENT_EVENTS] = { event, characters };
    this.#characters += characters;
    while (this.#characters > RECENT_CHARACTERS && this.#first < this.#last) this.#dropFirst();
  }

  at(n: number): RecentEvent | undefined {
    return n < this.#first || n > this.#last ? undefined : this.#slots[n % RECENT_EVENTS]?.event;
  }

  #dropFirst(): void {
    const at = this.#first % RECENT_EVENTS;
    this.#characters -= this.#slots[at]?.characters ?? 0;
    this.#slots[at] = undefined;
    this.#first += 1;
  }
}
