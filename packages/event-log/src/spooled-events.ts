import { type Clock, errorText, type NewEvent } from '@mobkit/core';

import type { EventBuffer } from './event-buffer.js';
import type { Gap, Losses } from './losses.js';
import type { EventSpool } from './spool/event-spool.js';

/** The oldest events of the spool, read for an append. */
interface Spooled {
  /** Events before them that cannot be read any more. */
  readonly lost: number;
  readonly gaps: readonly Gap[];
  readonly events: readonly NewEvent[];
}

/** A gap that stands in the spool stays there until it is in the log. */
const IN_SPOOL = Symbol('in the spool');

interface SpooledGap extends Gap {
  readonly [IN_SPOOL]: true;
}

/** What the spool holds, as events and gaps in their places. */
export class SpooledEvents {
  readonly #spool: EventSpool;
  readonly #buffer: EventBuffer;
  readonly #clock: Clock;
  /** Dropped events whose place is before the oldest in the spool. */
  readonly losses: Losses;
  #failing = false;

  constructor(spool: EventSpool, buffer: EventBuffer, losses: Losses, clock: Clock) {
    this.#spool = spool;
    this.#buffer = buffer;
    this.losses = losses;
    this.#clock = clock;
  }

  /** The oldest, at most `count`; undefined when the disk does not give them. `putBack` or `settled` follows. */
  async read(count: number): Promise<Spooled | undefined> {
    try {
      const { lost, gap, events } = await this.#spool.read(count);
      this.#failing = false;
      if (lost > 0) {
        this.#buffer.lost(lost);
        this.losses.noteCorrupt(lost);
        this.#spool.tell(`${lost} events are missing, and counted as corrupt`);
      }
      const own = this.losses.take(this.#clock.now());
      const gaps = [...(own ? [own] : []), ...(gap === undefined ? [] : [inSpool(gap)])];
      return { lost, gaps, events: events.map((text) => JSON.parse(text) as NewEvent) };
    } catch (error) {
      if (!this.#failing) this.#spool.tell(`cannot be read: ${errorText(error)}; will retry`);
      this.#failing = true;
      return undefined;
    }
  }

  putBack(gaps: readonly Gap[]): void {
    for (const gap of gaps) if (!(IN_SPOOL in gap)) this.losses.putBack(gap);
  }

  /** So many of the oldest events are done with, and these gaps before them. */
  async settled(count: number, gaps: readonly Gap[]): Promise<void> {
    if (count > 0 || gaps.some((gap) => IN_SPOOL in gap)) await this.#spool.settled(count);
  }
}

function inSpool(text: string): SpooledGap {
  const nothing = { overflow: 0, refused: 0, corrupt: 0, firstMs: 0, lastMs: 0 };
  return { loss: nothing, event: JSON.parse(text) as NewEvent, [IN_SPOOL]: true };
}
