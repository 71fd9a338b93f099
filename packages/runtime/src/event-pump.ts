import { type ErrorHook, type EventSink, type NewEvent } from '@mobkit/core';
import { type AgentEventEnvelope, type AgentEventListener, formatIncarnation } from '@mobkit/core/mob';
import type { ModuleEventListener } from '@mobkit/core/ops';

import type { CallbackGuard } from './callback-guard.js';
import type { LiveEvents, PublishedEvent } from './live-events.js';
import { keepPayloadJson, serialisePayload } from './payload-json.js';
import type { StructuralEvent } from './structural-event.js';

export interface EventPumpDeps {
  readonly live: LiveEvents;
  readonly eventSink?: EventSink | undefined;
  readonly guard: CallbackGuard;
  readonly onError: ErrorHook;
}

/**
 * Takes what agents, modules and ledgers tell as it happens, and hands each event to the event log and to what is live, under
 * one position. Nothing waits in it: an event has passed when its listener returns, and a sink that throws or is slow keeps it
 * from nobody else. One whose payload has no JSON passes too, with why in place of the payload, and the error hook is told.
 */
export class EventPump {
  readonly #deps: EventPumpDeps;
  readonly #watchers = new Set<AgentEventListener>();
  #sinkFails = false;

  constructor(deps: EventPumpDeps) {
    this.#deps = deps;
  }

  /** Calls `watcher` with every event of an agent once it has passed. */
  watch(watcher: AgentEventListener): void {
    this.#watchers.add(watcher);
  }

  /** Also those of mobs that agents made: an engine tells both to the same listener. */
  readonly onAgentEvent: AgentEventListener = (envelope) => {
    const { live, guard, onError } = this.#deps;
    const { payload } = envelope;
    // Before the event has a number: a number must never be left without its event.
    const serialised = serialisePayload(payload, payload.type);
    const event = toPublishedEvent(envelope, serialised.payload, live);
    keepPayloadJson(event, serialised.json);
    // Whoever watches is woken first: a log on disk may hold this thread up.
    live.publish(event);
    this.#keep(event);
    for (const watcher of this.#watchers) guard.run(() => watcher(envelope));
    this.#tellFailure(event.memberId, event.id, payload.type, serialised.failure);
    // A run that was cancelled, by a retirement or a shutdown, ended because somebody wanted it to.
    if (payload.type !== 'run_failed' || payload.error_class === 'cancelled') return;
    const error = `agent run failed (event_id: ${event.id})`;
    onError({ category: 'host_loop_crash', memberId: event.memberId, error });
  };

  readonly onModuleEvent: ModuleEventListener = ({ eventId, timestampMs, event: given }) => {
    const { live } = this.#deps;
    const { payload, json, failure } = serialisePayload(given.payload ?? null, given.eventType);
    const event = { ...given, payload };
    this.#keep({ id: eventId, timestampMs, mobId: live.mobId, event });
    live.tell({ source: 'module', event: { eventId, timestampMs, event } }, json.length);
    this.#tellFailure(given.module, eventId, given.eventType, failure);
  };

  /** Structural events have a log of their own: they are only shown. */
  onStructuralEvent(event: StructuralEvent): void {
    this.#deps.live.tell({ source: 'ledger', event }, JSON.stringify(event.data).length);
  }

  #keep(event: NewEvent): void {
    const { eventSink, guard, onError } = this.#deps;
    if (!eventSink) return;
    const fails = !guard.run(() => eventSink.ingest(event));
    if (fails && !this.#sinkFails) {
      const error = `the event sink does not take events, from ${event.id} on: ${guard.lastError}`;
      onError({ category: 'event_log_flush_failure', error });
    }
    this.#sinkFails = fails;
  }

  #tellFailure(memberId: string, id: string, eventType: string, failure: string | undefined): void {
    if (failure === undefined) return;
    const error = `the payload of ${eventType} has no JSON (event_id: ${id}): ${failure}`;
    this.#deps.onError({ category: 'payload_unserialisable', memberId, error });
  }
}

function toPublishedEvent(envelope: AgentEventEnvelope, payload: unknown, live: LiveEvents) {
  const { source, timestampMs, mobId, interactionId } = envelope;
  const memberId = formatIncarnation(source);
  // Types that only later versions know may carry them.
  const { run_id: runId, step_id: stepId } = envelope.payload as {
    readonly run_id?: unknown;
    readonly step_id?: unknown;
  };
  return {
    id: `evt-agent-${envelope.eventId}`,
    timestampMs,
    memberId,
    identity: source.identity,
    mobId,
    ...(typeof runId === 'string' && { runId }),
    ...(typeof stepId === 'string' && { stepId }),
    ...(interactionId !== undefined && { interactionId }),
    stream: live.nextPosition(mobId, source.identity),
    event: { kind: 'agent', agentId: memberId, eventType: envelope.payload.type, payload },
  } satisfies PublishedEvent;
}
