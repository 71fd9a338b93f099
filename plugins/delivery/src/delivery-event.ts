import type { DeliveryAttempt, DeliveryRecord, ModuleEventEnvelope } from '@mobkit/core/ops';

/** What timelines and the event log are told of an outcome; `attempts` makes the id another one after a redrive. */
export function deliveryEvent(delivery: DeliveryRecord, nowMs: number): ModuleEventEnvelope {
  const { deliveryId, resolution, status, attempts } = delivery;
  const { routeId, recipient, sink } = resolution;
  return {
    eventId: `delivery-${deliveryId}-${attempts.length}`,
    timestampMs: attempts.at(-1)?.endedAtMs ?? nowMs,
    event: {
      kind: 'module',
      module: 'delivery',
      eventType: 'send',
      payload: {
        delivery_id: deliveryId,
        route_id: routeId,
        recipient,
        sink,
        status,
        attempts: attempts.map(wireAttempt),
      },
    },
  };
}

function wireAttempt({ attempt, status, startedAtMs, endedAtMs, backoffMs, error }: DeliveryAttempt) {
  return {
    attempt,
    status,
    started_at_ms: startedAtMs,
    ...(endedAtMs !== undefined && { ended_at_ms: endedAtMs }),
    backoff_ms: backoffMs,
    ...(error !== undefined && { error }),
  };
}
