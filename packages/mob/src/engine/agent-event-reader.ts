import type { AgentEventEnvelope } from '@mobkit/core/mob';

export interface AgentEventReaderDeps {
  /** Events that may wait for the reader. */
  readonly capacity: number;
  readonly newId: () => string;
  /** Called once, when nobody reads any more. */
  readonly onEnd: () => void;
}

/**
 * Keeps the newest events until they are read. In the place of those it could not keep stands one `stream_truncated` with their
 * number.
 */
export class AgentEventReader implements AsyncIterableIterator<AgentEventEnvelope> {
  readonly #deps: AgentEventReaderDeps;
  readonly #waiting: AgentEventEnvelope[] = [];
  #dropped = 0;
  #lastDropped: AgentEventEnvelope | undefined;
  #ended = false;
  /** Reads that wait: a reader may ask for several at once. */
  #readers: (() => void)[] = [];

  constructor(deps: AgentEventReaderDeps) {
    this.#deps = deps;
  }

  push(event: AgentEventEnvelope): void {
    if (this.#ended) return;
    if (this.#waiting.length >= this.#deps.capacity) {
      this.#lastDropped = this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(event);
    this.#wake();
  }

  /** What waits can still be read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#deps.onEnd();
    this.#wake();
  }

  async next(): Promise<IteratorResult<AgentEventEnvelope, undefined>> {
    for (;;) {
      const value = this.#truncation() ?? this.#waiting.shift();
      if (value) return { done: false, value };
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => void this.#readers.push(resolve));
    }
  }

  async return(): Promise<IteratorResult<AgentEventEnvelope, undefined>> {
    this.#waiting.length = 0;
    this.#lastDropped = undefined;
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #wake(): void {
    for (const wake of this.#readers.splice(0)) wake();
  }

  #truncation(): AgentEventEnvelope | undefined {
    const last = this.#lastDropped;
    if (!last) return undefined;
    const dropped = this.#dropped;
    this.#lastDropped = undefined;
    this.#dropped = 0;
    const reason = `The reader was more than ${this.#deps.capacity} events behind`;
    return { ...last, eventId: this.#deps.newId(), payload: { type: 'stream_truncated', reason, dropped } };
  }
}
