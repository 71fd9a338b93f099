import type { Clock, StreamPosition } from '@mobkit/core';

import type { StreamCursor, StreamedEvent } from './agent-streams.js';
import { payloadJson } from './payload-json.js';
import { type RecentEvent, RecentEvents } from './recent-events.js';
import { cursorIn, type StreamScope } from './stream-cursor.js';
import { type StreamEnd, StreamNumbers } from './stream-numbers.js';
import type { TimelineEvent } from './timeline.js';

export interface ReaderSignal {
  readonly signal: AbortSignal;
  /** Call it when the reader is done. */
  release(): void;
}

/** An event of an agent, with its number among everything that was published. */
export interface FoundEvent {
  readonly event: StreamedEvent;
  readonly at: number;
}

/** An event of an agent that can be published: who did it is known. */
export type PublishedEvent = StreamedEvent & { readonly mobId: string; readonly identity: string };

/**
 * Numbers the events of one epoch, keeps the newest, and wakes who waits for the next. Readers have no queues here: each
 * asks for what comes after its own number, so a slow one costs nobody anything.
 */
export class LiveEvents {
  readonly mobId: string;
  readonly epoch: number;
  readonly #clock: Clock;
  readonly #recent = new RecentEvents();
  readonly #numbers: StreamNumbers;
  /** Of agents. */
  #count = 0;
  /** By stream; those who wait for any event under `''`. */
  readonly #waiting = new Map<string, Set<() => void>>();
  /** What `untilClosed` handed out and did not get back. */
  readonly #following = new Set<AbortController>();
  #closed = false;

  constructor(mobId: string, epoch: number, clock: Clock) {
    this.mobId = mobId;
    this.epoch = epoch;
    this.#clock = clock;
    this.#numbers = new StreamNumbers(mobId, epoch);
  }

  /** Whether no event will come any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many events of agents were published. */
  get count(): number {
    return this.#count;
  }

  /** The number of the oldest event of any source that is still here; one more than `last` when none is. */
  get first(): number {
    return this.#recent.first;
  }

  /** The number of the newest event of any source; 0 before there is one. */
  get last(): number {
    return this.#recent.last;
  }

  at(n: number): RecentEvent | undefined {
    return this.#recent.at(n);
  }

  /** The position of the next event of a member. */
  nextPosition(mobId: string, identity: string): StreamPosition {
    return this.#numbers.next(mobId, identity);
  }

  /** The cursor of the last event of a stream; `n` 0 when there was none in this epoch. */
  latest(scope: StreamScope): StreamCursor {
    return { epoch: this.epoch, n: this.#numbers.last(scope) };
  }

  end(): StreamEnd {
    return this.#numbers.end();
  }

  /** Takes the event whose position is the next, and wakes who waits for it. */
  publish(event: PublishedEvent): void {
    const { mobId, identity } = event;
    this.#append({ source: 'agent', event }, payloadJson(event).length);
    this.#numbers.take(mobId, identity, event.stream);
    this.#count += 1;
    this.#wakeAny();
    if (this.#waiting.size === 0) return;
    this.#wake(keyOf({ mobId }));
    this.#wake(keyOf({ mobId, identity }));
  }

  /** Takes what is in no stream of agents, and wakes who waits for anything. */
  tell(event: Exclude<TimelineEvent, { readonly source: 'agent' }>, characters: number): void {
    this.#append(event, characters);
    this.#wakeAny();
  }

  /**
   * The oldest event still here that belongs to a stream and comes after number `n` of that stream.
   *
   * @param from - the number, among events of any source, from which to look.
   */
  find(scope: StreamScope, n: number, from: number): FoundEvent | undefined {
    for (let at = Math.max(from, this.first); at <= this.last; at += 1) {
      const found = this.#recent.at(at);
      if (found?.source !== 'agent') continue;
      const { event } = found;
      if (event.mobId !== scope.mobId) continue;
      if (scope.identity !== undefined && event.identity !== scope.identity) continue;
      if (cursorIn(scope, event.stream).n > n) return { event, at };
    }
    return undefined;
  }

  /**
   * Calls `wake` once, when a stream has another event or there will be none; without a stream, when there is one of any
   * source. Returns what cancels it.
   */
  onNext(scope: StreamScope | undefined, wake: () => void): () => void {
    const key = scope ? keyOf(scope) : '';
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting.add(wake));
    return () => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(key) === waiting) this.#waiting.delete(key);
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
    for (const key of this.#waiting.keys()) this.#wake(key);
  }

  #append(event: TimelineEvent, characters: number): void {
    this.#recent.append({ ...event, ingestedAtMs: this.#clock.now() }, characters);
  }

  #wakeAny(): void {
    this.#wake('');
  }

  #wake(key: string): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.delete(key);
    for (const wake of waiting) wake();
  }
}

function keyOf({ mobId, identity }: StreamScope): string {
  return JSON.stringify(identity === undefined ? [mobId] : [mobId, identity]);
}
