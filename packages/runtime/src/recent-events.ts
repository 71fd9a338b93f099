import type { StreamedEvent } from './agent-streams.js';
import { payloadJson } from './payload-json.js';

/** Events kept in memory for readers that are a little behind. */
const RECENT_EVENTS = 4096;

/** And at most this many characters of payload among them, but always the newest event. */
const RECENT_CHARACTERS = 4 * 1024 * 1024;

/** The newest events of one epoch, by number. What falls out is for the event log to give. */
export class RecentEvents {
  readonly #slots: (StreamedEvent | undefined)[] = Array.from({ length: RECENT_EVENTS });
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

  /** Takes the event numbered `last + 1`. */
  append(event: StreamedEvent): void {
    if (this.#last - this.#first + 1 === RECENT_EVENTS) this.#dropFirst();
    this.#last = event.stream.n;
    this.#slots[this.#last % RECENT_EVENTS] = event;
    this.#characters += payloadJson(event).length;
    while (this.#characters > RECENT_CHARACTERS && this.#first < this.#last) this.#dropFirst();
  }

  at(n: number): StreamedEvent | undefined {
    return n < this.#first || n > this.#last ? undefined : this.#slots[n % RECENT_EVENTS];
  }

  #dropFirst(): void {
    const event = this.at(this.#first);
    if (event) this.#characters -= payloadJson(event).length;
    this.#slots[this.#first % RECENT_EVENTS] = undefined;
    this.#first += 1;
  }
}
