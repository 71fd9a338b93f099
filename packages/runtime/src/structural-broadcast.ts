import {
  backoffMs,
  type Clock,
  delay,
  type ErrorHook,
  errorText,
  isMobError,
  type PersistentMetadataStore,
} from '@mobkit/core';
import type { MobEvent, MobEventsView } from '@mobkit/core/mob';

import type { CallbackGuard } from './callback-guard.js';
import { projectStructural } from './project-structural.js';
import type { StructuralEvent } from './structural-event.js';

/** Nobody waits for listeners, so a ledger that is away for long is asked less often. */
const LONGEST_PAUSE_MS = 10_000;

export interface StructuralBroadcastDeps {
  readonly ledger: MobEventsView;
  readonly metadata: PersistentMetadataStore;
  readonly guard: CallbackGuard;
  readonly onError: ErrorHook;
  readonly clock: Clock;
}

/**
 * Tells listeners every structural event that is appended from its start on, each once and in order. When the store
 * fails it says so once, tries again with growing pauses, and goes on where it was.
 */
export class StructuralBroadcast {
  readonly #deps: StructuralBroadcastDeps;
  readonly #listeners = new Set<(event: StructuralEvent) => void>();
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #cursor: number;

  /** @throws what the ledger throws when it cannot be read now. */
  static async start(deps: StructuralBroadcastDeps): Promise<StructuralBroadcast> {
    return new StructuralBroadcast(deps, await deps.ledger.latestCursor());
  }

  private constructor(deps: StructuralBroadcastDeps, cursor: number) {
    this.#deps = deps;
    this.#cursor = cursor;
    this.#running = this.#run();
  }

  subscribe(listener: (event: StructuralEvent) => void): () => void {
    const own = (event: StructuralEvent) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Resolves when nothing runs any more. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped.abort();
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
      // Events that are gone are told of in any case.
      if (failures === 0 || isMobError(error, 'MOB_CURSOR_STALE')) {
        onError({ category: 'store_failure', error: `structural events are not told: ${errorText(error)}` });
      }
      await delay(clock, backoffMs(failures, LONGEST_PAUSE_MS), signal, { background: true });
    }
  }

  /** Follows the ledger until that fails; answers why it did. */
  async #follow(progressed: () => void): Promise<unknown> {
    const { ledger } = this.#deps;
    const { signal } = this.#stopped;
    try {
      for await (const event of ledger.tail({ afterCursor: this.#cursor, signal })) {
        if (this.#listeners.size > 0) await this.#tell(event);
        this.#cursor = event.cursor;
        progressed();
      }
      return new Error('the ledger ended');
    } catch (error) {
      if (!isMobError(error, 'MOB_CURSOR_STALE')) return error;
      // Pruned while it could not be read: what is left begins later, and the error says so.
      return ledger.latestCursor().then(
        (latest) => ((this.#cursor = latest), error),
        (cause: unknown) => cause,
      );
    }
  }

  async #tell(event: MobEvent): Promise<void> {
    const { metadata, guard } = this.#deps;
    for (const shown of await projectStructural([event], metadata)) {
      // Labels may come long after we were stopped.
      if (this.#stopped.signal.aborted) return;
      for (const listener of this.#listeners) guard.run(() => listener(shown));
    }
  }
}
