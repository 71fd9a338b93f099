import type { Clock } from '@mobkit/core';
import type { AgentEventEnvelope, AgentEventListener, AgentEventPayload } from '@mobkit/core/mob';

import type { RosterMember } from '../ledger/roster.js';
import type { CallbackGuard } from './callback-guard.js';

export interface AgentEventFeedDeps {
  readonly mobId: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly guard: CallbackGuard;
}

/** Tells listeners what agents do, each event at once and in order. */
export class AgentEventFeed {
  readonly #deps: AgentEventFeedDeps;
  readonly #listeners = new Set<AgentEventListener>();

  constructor(deps: AgentEventFeedDeps) {
    this.#deps = deps;
  }

  subscribe(listener: AgentEventListener): () => void {
    const own: AgentEventListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  emit(member: RosterMember, interactionId: string, payload: AgentEventPayload): void {
    const { mobId, clock, newId, guard } = this.#deps;
    const event: AgentEventEnvelope = {
      eventId: newId(),
      mobId,
      source: { identity: member.identity, generation: member.generation },
      fenceToken: member.fenceToken,
      role: member.role,
      sessionId: member.sessionId,
      timestampMs: clock.now(),
      interactionId,
      payload,
    };
    for (const listener of this.#listeners) guard.run(() => listener(event));
  }
}
