import { isMobError, limitOf, MobError, type PersistentMetadataStore } from '@mobkit/core';
import {
  type ChildMobs,
  type MobEventsView,
  type MobEventTailOptions,
  type MobHandle,
  structuralParties,
} from '@mobkit/core/mob';

import { projectStructural } from './project-structural.js';
import { queryParties } from './query-parties.js';
import type { StructuralEvent, StructuralEventPage, StructuralTailOptions } from './structural-event.js';
import type { StructuralQuery } from './unified-runtime.js';

const PAGE_EVENTS = 256;

export interface StructuralEventsDeps {
  readonly mob: Pick<MobHandle, 'mobId' | 'events'>;
  readonly childMobs?: ChildMobs | undefined;
  readonly metadata: PersistentMetadataStore;
}

/** Reads the ledgers of a mob, and of those that its agents made, as structural events. */
export class StructuralEvents {
  readonly #deps: StructuralEventsDeps;

  constructor(deps: StructuralEventsDeps) {
    this.#deps = deps;
  }

  async query({ mobId, ...query }: StructuralQuery): Promise<StructuralEventPage> {
    const { mob, metadata } = this.#deps;
    const { afterCursor, agentIdentity } = query;
    const ledger = this.#ledgerOf(mobId);
    if (limitOf(query) === 0) {
      // Before the cursor is looked at: nothing was asked for, so nothing can be stale.
      const latestCursor = await (ledger ?? mob.events).latestCursor();
      const scannedTo = Math.min(afterCursor ?? 0, latestCursor);
      return { events: [], scannedTo, more: scannedTo < latestCursor, latestCursor };
    }
    if (!ledger) {
      // A mob that is not here: its cursor is held to our ledger all the same, and nothing matches.
      const at = { ...(afterCursor !== undefined && { afterCursor }), limit: 1 };
      const { latestCursor } = await strict(mob.events.query(at));
      return { events: [], scannedTo: latestCursor, more: false, latestCursor };
    }
    const reading =
      agentIdentity === undefined ? ledger.query(query) : queryParties(ledger, { ...query, agentIdentity });
    const page = await strict(reading);
    const { scannedTo, more, latestCursor } = page;
    return { events: await projectStructural(page.events, metadata), scannedTo, more, latestCursor };
  }

  /** As `UnifiedRuntime.tailMobEvents`. */
  async *tail({
    signal,
    ...options
  }: StructuralTailOptions & { readonly signal: AbortSignal }): AsyncGenerator<
    StructuralEvent,
    void,
    undefined
  > {
    const { mobId, ...rest } = options;
    const ledger = this.#ledgerOf(mobId);
    if (!ledger) {
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
    yield* this.#follow(ledger, { ...rest, afterCursor, signal });
  }

  /** Asks for the labels of every event anew. */
  async *#follow(
    ledger: MobEventsView,
    { agentIdentity, ...options }: MobEventTailOptions,
  ): AsyncGenerator<StructuralEvent, void, undefined> {
    try {
      // A member is looked for here: no field of the ledger names both ends of a wire, and what is new comes one by one.
      for await (const event of ledger.tail(options)) {
        if (agentIdentity !== undefined && !structuralParties(event.kind).includes(agentIdentity)) continue;
        yield* await projectStructural([event], this.#deps.metadata);
      }
    } catch (error) {
      throw staleInWords(error);
    }
  }

  #ledgerOf(mobId: string | undefined): MobEventsView | undefined {
    const { mob, childMobs } = this.#deps;
    return mobId === undefined || mobId === mob.mobId ? mob.events : childMobs?.handles().get(mobId)?.events;
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
