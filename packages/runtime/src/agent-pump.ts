import type { ErrorHook, EventSink } from '@mobkit/core';
import { type AgentEventEnvelope, type AgentEventListener, formatIncarnation } from '@mobkit/core/mob';

import type { StreamedEvent } from './agent-streams.js';
import type { LiveEvents } from './live-events.js';

export interface AgentPumpDeps {
  readonly live: LiveEvents;
  readonly eventSink?: EventSink | undefined;
  readonly onError: ErrorHook;
}

/**
 * Takes agent events from the engine as they happen and hands each to the event log and the live streams, under one
 * position. Nothing waits in it: an event has passed when the listener returns.
 */
export function createAgentPump({ live, eventSink, onError }: AgentPumpDeps): AgentEventListener {
  return (envelope) => {
    const event = toStreamedEvent(envelope, live);
    eventSink?.ingest(event);
    live.publish(event);
    const { payload } = envelope;
    // A run that was cancelled, by a retirement or a shutdown, ended because somebody wanted it to.
    if (payload.type !== 'run_failed' || payload.error_class === 'cancelled') return;
    const error = `agent run failed (event_id: ${event.id})`;
    onError({ category: 'host_loop_crash', memberId: event.memberId, error });
  };
}

function toStreamedEvent(envelope: AgentEventEnvelope, live: LiveEvents) {
  const { source, timestampMs, mobId, interactionId, payload } = envelope;
  const memberId = formatIncarnation(source);
  // Types that only later versions know may carry them.
  const { run_id: runId, step_id: stepId } = payload as {
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
    event: { kind: 'agent', agentId: memberId, eventType: payload.type, payload },
  } satisfies StreamedEvent;
}
