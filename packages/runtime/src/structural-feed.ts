import {
  backoffMs,
  type Clock,
  delay,
  type ErrorHook,
  errorText,
  isMobError,
  type MobError,
} from '@mobkit/core';
import type { MobEvent, MobEventsView } from '@mobkit/core/mob';

import type { StructuralGap } from './structural-event.js';

/** Nobody waits for listeners, so a ledger that is away for long is asked less often. */
const LONGEST_PAUSE_MS = 10_000;

export interface StructuralFeedDeps {
  readonly ledger: MobEventsView;
  readonly clock: Clock;
  readonly onError: ErrorHook;
  /** Where to begin, asked until it answers. */
  readonly begin: () => Promise<number>;
  readonly onEvent: (event: MobEvent) => Promise<void>;
  /** Told where events are gone. */
  readonly onGap: (gap: StructuralGap) => Promise<void>;
}

/**
 * Follows the ledger of one mob, each event once and in order. When the store fails or the ledger ends it says so once, tries
 * again with growing pauses, and goes on where it was.
 */
export class StructuralFeed {
  readonly #deps: StructuralFeedDeps;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  readonly #waiting = new Set<() => void>();
  #cursor: number | undefined;

  constructor(deps: StructuralFeedDeps) {
    this.#deps = deps;
    this.#running = this.#run();
  }

  /** Resolves when everything up to the ledger's end, as it is now, was told; or by `signal`, or when this stops. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    const latest = await this.#deps.ledger.latestCursor();
    const isDone = () => signal.aborted || this.#stopped.signal.aborted || (this.#cursor ?? -1) >= latest;
    while (!isDone()) await this.#progress(signal);
  }

  /** Resolves when nothing runs any more. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, onError } = this.#deps;
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const startedMs = clock.now();
      const error = await this.#follow(() => (failures = 0));
      if (signal.aborted) return;
      // It held for so long that this is another failure, not the same going on.
      if (clock.now() - startedMs > LONGEST_PAUSE_MS) failures = 0;
      if (failures === 0 && error !== undefined) {
        onError({ category: 'store_failure', error: `structural events are not told: ${errorText(error)}` });
      }
      await delay(clock, backoffMs(failures, LONGEST_PAUSE_MS), signal, { background: true });
    }
  }

  /** Follows the ledger until that fails; answers why it did, unless that was told. */
  async #follow(progressed: () => void): Promise<unknown> {
    const { ledger, begin, onEvent } = this.#deps;
    const { signal } = this.#stopped;
    try {
      this.#cursor ??= await begin();
      this.#wake();
      for await (const event of ledger.tail({ afterCursor: this.#cursor, signal })) {
        await onEvent(event);
        if (signal.aborted) return undefined;
        this.#reach(event.cursor);
        progressed();
      }
      return new Error('the ledger ended');
    } catch (error) {
      if (!isMobError(error, 'MOB_CURSOR_STALE')) return error;
      return this.#skip(error).catch((cause: unknown) => cause);
    }
  }

  /** Goes on after events that are gone, and tells that they are. */
  async #skip({ details, message }: MobError): Promise<void> {
    const { onError, onGap } = this.#deps;
    const [first, last] = [Number(details['firstSeq']), Number(details['lastSeq'])];
    const after = this.#cursor ?? 0;
    const to = after > last ? last : first - 1;
    // A ledger that holds nothing is that of a mob that was destroyed: nobody needs to do anything about it.
    if (first <= last || after > last) {
      onError({ category: 'store_failure', error: `structural events are missing: ${message}` });
    }
    const reason = after > last ? 'beyond_ledger' : 'pruned';
    await onGap({ type: 'stream_gap', reason, after_cursor: after, resumed_after: to });
    this.#reach(to);
  }

  #reach(cursor: number): void {
    this.#cursor = cursor;
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  #progress(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
