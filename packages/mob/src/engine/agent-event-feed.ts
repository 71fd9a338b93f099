import type { Clock } from '@mobkit/core';
import type {
  AgentEventEnvelope,
  AgentEventListener,
  AgentEventPayload,
  AgentEventsOptions,
} from '@mobkit/core/mob';

import type { RosterMember } from '../ledger/roster.js';
import { AgentEventReader } from './agent-event-reader.js';
import type { CallbackGuard } from './callback-guard.js';
import type { EventRouter } from './event-router.js';

export interface AgentEventFeedDeps {
  readonly mobId: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly guard: CallbackGuard;
  readonly router: EventRouter;
}

/** Tells listeners what agents do, each event at once and in order. */
export class AgentEventFeed {
  readonly #deps: AgentEventFeedDeps;
  readonly #listeners = new Set<AgentEventListener>();
  readonly #readers = new Set<AgentEventReader>();
  /** The number of the last event of each incarnation. */
  readonly #lastSeqs = new WeakMap<RosterMember, number>();
  #ended = false;

  constructor(deps: AgentEventFeedDeps) {
    this.#deps = deps;
  }

  subscribe(listener: AgentEventListener): () => void {
    const own: AgentEventListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** As `MobHandle.agentEvents`, of an identity that is known. */
  read({ identity, capacity = this.#deps.router.capacity, signal }: AgentEventsOptions): AgentEventReader {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new TypeError(`capacity is not a whole number from 1: ${capacity}`);
    }
    const end = () => reader.end();
    const onEnd = () => {
      unsubscribe();
      this.#readers.delete(reader);
      signal?.removeEventListener('abort', end);
    };
    const reader = new AgentEventReader({ capacity, newId: this.#deps.newId, onEnd });
    const unsubscribe = this.subscribe((event) => {
      if (identity !== undefined && event.source.identity !== identity) return;
      if (this.#deps.router.admits(event.payload.type)) reader.push(event);
    });
    this.#readers.add(reader);
    signal?.addEventListener('abort', end);
    if (this.#ended || signal?.aborted) reader.end();
    return reader;
  }

  /** No event will come any more: whoever reads ends after what waits. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
  }

  emit(member: RosterMember, interactionId: string, payload: AgentEventPayload): void {
    const { mobId, clock, newId, guard } = this.#deps;
    const seq = (this.#lastSeqs.get(member) ?? 0) + 1;
    this.#lastSeqs.set(member, seq);
    const event: AgentEventEnvelope = {
      eventId: newId(),
      mobId,
      source: { identity: member.identity, generation: member.generation },
      fenceToken: member.fenceToken,
      seq,
      role: member.role,
      sessionId: member.sessionId,
      timestampMs: clock.now(),
      interactionId,
      payload,
    };
    for (const listener of this.#listeners) guard.run(() => listener(event));
  }
}
