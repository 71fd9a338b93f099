import type { ErrorHook, EventSink } from '@mobkit/core';
import { type AgentEventEnvelope, type AgentEventListener, formatIncarnation } from '@mobkit/core/mob';

import type { StreamedEvent } from './agent-streams.js';
import type { LiveEvents } from './live-events.js';
import { keepPayloadJson, serialisePayload } from './payload-json.js';

export interface AgentPumpDeps {
  readonly live: LiveEvents;
  readonly eventSink?: EventSink | undefined;
  readonly onError: ErrorHook;
}

/**
 * Takes agent events from the engine as they happen and hands each to the event log and the live streams, under one
 * position. Nothing waits in it: an event has passed when the listener returns. One whose payload has no JSON passes too,
 * with why in place of the payload, and the error hook is told.
 */
export function createAgentPump({ live, eventSink, onError }: AgentPumpDeps): AgentEventListener {
  return (envelope) => {
    // Before the event has a number: a number must never be left without its event.
    const serialised = serialisePayload(envelope.payload);
    const event = toStreamedEvent(envelope, serialised.payload, live);
    keepPayloadJson(event, serialised.json);
    eventSink?.ingest(event);
    live.publish(event);
    if (serialised.failure !== undefined) {
      const error = `the payload of ${event.event.eventType} has no JSON (event_id: ${event.id}): ${serialised.failure}`;
      onError({ category: 'payload_unserialisable', memberId: event.memberId, error });
    }
    const { payload } = envelope;
    // A run that was cancelled, by a retirement or a shutdown, ended because somebody wanted it to.
    if (payload.type !== 'run_failed' || payload.error_class === 'cancelled') return;
    const error = `agent run failed (event_id: ${event.id})`;
    onError({ category: 'host_loop_crash', memberId: event.memberId, error });
  };
}

function toStreamedEvent(envelope: AgentEventEnvelope, payload: object, live: LiveEvents) {
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
    stream: live.nextPosition(source.identity),
    event: { kind: 'agent', agentId: memberId, eventType: envelope.payload.type, payload },
  } satisfies StreamedEvent;
}
