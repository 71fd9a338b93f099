import { isMobError, limitOf, MobError, type PersistentMetadataStore } from '@mobkit/core';
import type { MobEventsView, MobEventTailOptions } from '@mobkit/core/mob';

import { projectStructural } from './project-structural.js';
import type { StructuralEvent, StructuralEventPage, StructuralTailOptions } from './structural-event.js';
import type { StructuralQuery } from './unified-runtime.js';

const PAGE_EVENTS = 256;

/** Reads the ledger of one mob as structural events. */
export class StructuralEvents {
  readonly #mobId: string;
  readonly #ledger: MobEventsView;
  readonly #metadata: PersistentMetadataStore;

  constructor(mobId: string, ledger: MobEventsView, metadata: PersistentMetadataStore) {
    this.#mobId = mobId;
    this.#ledger = ledger;
    this.#metadata = metadata;
  }

  async query({ mobId = this.#mobId, ...query }: StructuralQuery): Promise<StructuralEventPage> {
    const { afterCursor } = query;
    if (limitOf(query) === 0) {
      // Before the cursor is looked at: nothing was asked for, so nothing can be stale.
      const latestCursor = await this.#ledger.latestCursor();
      const scannedTo = Math.min(afterCursor ?? 0, latestCursor);
      return { events: [], scannedTo, more: scannedTo < latestCursor, latestCursor };
    }
    // A mob that is not ours: its cursor is held to our ledger all the same, and nothing matches.
    const ours = mobId === this.#mobId;
    const page = await strict(
      this.#ledger.query(ours ? query : { ...(afterCursor !== undefined && { afterCursor }), limit: 1 }),
    );
    const { scannedTo, more, latestCursor } = page;
    if (!ours) return { events: [], scannedTo: latestCursor, more: false, latestCursor };
    const events = await projectStructural(page.events, this.#metadata);
    return { events, scannedTo, more, latestCursor };
  }

  /** As `UnifiedRuntime.tailMobEvents`. */
  async *tail({
    mobId = this.#mobId,
    signal,
    ...options
  }: StructuralTailOptions & { readonly signal: AbortSignal }): AsyncGenerator<
    StructuralEvent,
    void,
    undefined
  > {
    if (mobId !== this.#mobId) {
      await whenAborted(signal);
      return;
    }
    // By pages as long as there is something to read, for the sake of the labels; one by one when it happens.
    let { afterCursor } = options;
    for (let more = true; more && !signal.aborted;) {
      const page = await this.query({ ...options, afterCursor, limit: PAGE_EVENTS });
      for (const event of page.events) {
        if (signal.aborted) return;
        yield event;
      }
      ({ scannedTo: afterCursor, more } = page);
    }
    yield* this.#follow({ ...options, afterCursor, signal });
  }

  /** Asks for the labels of every event anew. */
  async *#follow(options: MobEventTailOptions): AsyncGenerator<StructuralEvent, void, undefined> {
    try {
      for await (const event of this.#ledger.tail(options)) {
        yield* await projectStructural([event], this.#metadata);
      }
    } catch (error) {
      throw staleInWords(error);
    }
  }
}

async function strict<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw staleInWords(error);
  }
}

/** The words existing clients know for a cursor that the ledger does not hold. */
function staleInWords(error: unknown): unknown {
  if (!isMobError(error, 'MOB_CURSOR_STALE')) return error;
  const { afterSeq, firstSeq, lastSeq } = error.details;
  const pruned = Number(afterSeq) < Number(firstSeq) - 1 ? `, oldest kept ${String(firstSeq)}` : '';
  const message = `stale mob event cursor: requested ${String(afterSeq)}, latest ${String(lastSeq)}${pruned}`;
  return new MobError('MOB_CURSOR_STALE', message, { cause: error, details: error.details });
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
