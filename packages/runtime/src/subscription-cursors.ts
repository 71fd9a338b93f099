import { type Clock, delay, type ErrorHook, errorText, type PersistentMetadataStore } from '@mobkit/core';

/** How long cursors wait to be written together. */
const WRITE_EVERY_MS = 1_000;

export interface SubscriptionCursorsDeps {
  readonly metadata: PersistentMetadataStore;
  readonly clock: Clock;
  readonly onError: ErrorHook;
}

/**
 * Keeps how far the structural events of each mob were told. Written about once a second and at the end, not with every event:
 * after a crash what was told in the last second is told again, so it is told at least once.
 */
export class SubscriptionCursors {
  readonly #deps: SubscriptionCursorsDeps;
  readonly #unwritten = new Map<string, number>();
  readonly #stopped = new AbortController();
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(deps: SubscriptionCursorsDeps) {
    this.#deps = deps;
  }

  /** @throws what the store throws. */
  read(mobId: string): Promise<number | undefined> {
    return this.#deps.metadata.subscriptionCursor(mobId);
  }

  note(mobId: string, cursor: number): void {
    this.#unwritten.set(mobId, cursor);
    this.#writing ??= this.#writeLater();
  }

  /** Writes what is left. Never rejects. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
    await this.#write();
  }

  async #writeLater(): Promise<void> {
    const { signal } = this.#stopped;
    while (this.#unwritten.size > 0 && !signal.aborted) {
      await delay(this.#deps.clock, WRITE_EVERY_MS, signal, { background: true });
      if (!signal.aborted) await this.#write();
    }
    this.#writing = undefined;
  }

  async #write(): Promise<void> {
    const { metadata, onError } = this.#deps;
    try {
      for (const [mobId, cursor] of this.#unwritten) {
        await metadata.setSubscriptionCursor(mobId, cursor);
        if (this.#unwritten.get(mobId) === cursor) this.#unwritten.delete(mobId);
      }
      this.#failing = false;
    } catch (error) {
      // Once: it is tried again, and what is told does not depend on it.
      if (!this.#failing) {
        onError({
          category: 'store_failure',
          error: `cursors of structural events are not kept: ${errorText(error)}`,
        });
      }
      this.#failing = true;
    }
  }
}
