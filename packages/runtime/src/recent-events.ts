import type { StreamedEvent } from './agent-streams.js';
import { payloadJson } from './payload-json.js';

/** Events kept in memory for readers that are a little behind. */
const RECENT_EVENTS = 4096;

/** And at most this many characters of payload among them, but always the newest event. */
const RECENT_CHARACTERS = 4 * 1024 * 1024;

interface Slot {
  readonly event: StreamedEvent;
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

  /** Takes the event numbered `last + 1`. When its payload has no JSON this throws, and nothing is changed. */
  append(event: StreamedEvent): void {
    const characters = payloadJson(event).length;
    if (this.#last - this.#first + 1 === RECENT_EVENTS) this.#dropFirst();
    this.#last = event.stream.n;
    this.#slots[this.#last % RECENT_EVENTS] = { event, characters };
    this.#characters += characters;
    while (this.#characters > RECENT_CHARACTERS && this.#first < this.#last) this.#dropFirst();
  }

  at(n: number): StreamedEvent | undefined {
    return n < this.#first || n > this.#last ? undefined : this.#slots[n % RECENT_EVENTS]?.event;
  }

  #dropFirst(): void {
    const at = this.#first % RECENT_EVENTS;
    this.#characters -= this.#slots[at]?.characters ?? 0;
    this.#slots[at] = undefined;
    this.#first += 1;
  }
}
