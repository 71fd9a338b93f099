import type { StreamPosition } from '@mobkit/core';

import type { StreamCursor, StreamedEvent } from './agent-streams.js';
import { RecentEvents } from './recent-events.js';
import { cursorIn, type StreamScope } from './stream-cursor.js';

/** The last numbers of an epoch. */
export interface StreamEnd {
  readonly n: number;
  /** By identity. */
  readonly agents: Readonly<Record<string, number>>;
}

export interface ReaderSignal {
  readonly signal: AbortSignal;
  /** Call it when the reader is done. */
  release(): void;
}

/**
 * Numbers the events of one epoch, keeps the newest, and wakes who waits for the next. Readers have no queues here: each
 * asks for what comes after its own number, so a slow one costs nobody anything.
 */
export class LiveEvents {
  readonly mobId: string;
  readonly epoch: number;
  readonly #recent = new RecentEvents();
  /** The last number of every identity. */
  readonly #agents = new Map<string, number>();
  /** By identity; those who wait for any event under `undefined`. */
  readonly #waiting = new Map<string | undefined, Set<() => void>>();
  /** What `untilClosed` handed out and did not get back. */
  readonly #following = new Set<AbortController>();
  #closed = false;

  constructor(mobId: string, epoch: number) {
    this.mobId = mobId;
    this.epoch = epoch;
  }

  /** Whether no event will come any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many events were published; the number of the last. */
  get count(): number {
    return this.#recent.last;
  }

  /** The position of the next event of a member. */
  nextPosition(identity: string): StreamPosition {
    const { epoch } = this;
    return { epoch, n: this.count + 1, agentN: (this.#agents.get(identity) ?? 0) + 1 };
  }

  /** The cursor of the last event of a stream; `n` 0 when there was none in this epoch. */
  latest({ identity }: StreamScope): StreamCursor {
    const n = identity === undefined ? this.count : (this.#agents.get(identity) ?? 0);
    return { epoch: this.epoch, n };
  }

  end(): StreamEnd {
    return { n: this.count, agents: Object.fromEntries(this.#agents) };
  }

  /** Takes the event whose position is the next, and wakes who waits for it. */
  publish(event: StreamedEvent & { readonly identity: string }): void {
    this.#recent.append(event);
    this.#agents.set(event.identity, event.stream.agentN);
    this.#wake(undefined);
    this.#wake(event.identity);
  }

  /**
   * The oldest event still here that belongs to a stream and comes after number `n` of that stream.
   *
   * @param from - the number, in the stream of the mob, from which to look.
   */
  find(scope: StreamScope, n: number, from: number): StreamedEvent | undefined {
    for (let at = Math.max(from, this.#recent.first); at <= this.#recent.last; at += 1) {
      const event = this.#recent.at(at);
      if (!event || (scope.identity !== undefined && event.identity !== scope.identity)) continue;
      if (cursorIn(scope, event.stream).n > n) return event;
    }
    return undefined;
  }

  /** Calls `wake` once, when a stream has another event or there will be none. Returns what cancels it. */
  onNext({ identity }: StreamScope, wake: () => void): () => void {
    const waiting = this.#waiting.get(identity) ?? new Set();
    this.#waiting.set(identity, waiting.add(wake));
    return () => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(identity) === waiting) this.#waiting.delete(identity);
    };
  }

  /**
   * A signal for one reader, aborted when `signal` is or when this is closed. Not `AbortSignal.any`: it leaves a trace in
   * signals that live long, and Node warns of more than ten listeners on one.
   */
  untilClosed(signal: AbortSignal | undefined): ReaderSignal {
    const controller = new AbortController();
    const abort = () => controller.abort();
    if (this.#closed || signal?.aborted) abort();
    this.#following.add(controller);
    signal?.addEventListener('abort', abort);
    return {
      signal: controller.signal,
      release: () => {
        this.#following.delete(controller);
        signal?.removeEventListener('abort', abort);
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const controller of this.#following) controller.abort();
    for (const identity of this.#waiting.keys()) this.#wake(identity);
  }

  #wake(identity: string | undefined): void {
    const waiting = this.#waiting.get(identity);
    if (!waiting) return;
    this.#waiting.delete(identity);
    for (const wake of waiting) wake();
  }
}
