import { MobError } from '@mobkit/core';
import type { DeliveryAttempt, DeliveryQuery, DeliveryRecord, DeliveryRequest } from '@mobkit/core/ops';

import { deliveriesParams, type DeliveryParams, deliveryParams } from './delivery-params.js';
import { parseParams } from './params.js';

/** @throws MobError `MOB_REQUEST_INVALID`, with `details.field`. */
export function parseDelivery(params: unknown): DeliveryRequest {
  const given: DeliveryParams = parseParams(deliveryParams, params);
  const { resolution, payload, idempotency_key: idempotencyKey } = given;
  if (resolution.target_module !== 'delivery') {
    const field = 'resolution.target_module';
    const said = `${field} must be 'delivery' (got '${resolution.target_module}')`;
    throw new MobError('MOB_REQUEST_INVALID', said, { details: { field } });
  }
  return {
    resolution: {
      routeId: resolution.route_id,
      recipient: resolution.recipient,
      channel: resolution.channel,
      sink: resolution.sink,
      targetModule: resolution.target_module,
      retryMax: resolution.retry_max,
      backoffMs: resolution.backoff_ms,
      rateLimitPerMinute: resolution.rate_limit_per_minute,
      ...(resolution.route_key != null && { routeKey: resolution.route_key }),
    },
    payload,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** @throws MobError `MOB_REQUEST_INVALID`, with `details.field`. */
export function parseDeliveryQuery(params: unknown): DeliveryQuery {
  const { recipient, sink, before, limit } = parseParams(deliveriesParams, params);
  return {
    ...filter('recipient', recipient),
    ...filter('sink', sink),
    ...filter('before', before),
    ...(limit !== undefined && { limit }),
  };
}

/** A delivery as clients read it. */
export interface WireDelivery {
  readonly delivery_id: string;
  readonly route_id: string;
  readonly recipient: string;
  readonly channel: string;
  readonly sink: string;
  readonly target_module: string;
  readonly payload: unknown;
  readonly status: string;
  readonly attempts: readonly WireAttempt[];
  readonly first_attempt_ms: number | null;
  /** When the last attempt ended, or began where it has not. */
  readonly final_attempt_ms: number | null;
  readonly next_attempt_at_ms?: number;
  readonly idempotency_key: string | null;
  readonly sink_adapter: string | null;
  readonly from?: string;
  readonly interaction_id?: string;
}

interface WireAttempt {
  readonly attempt: number;
  readonly status: string;
  readonly backoff_ms: number;
  readonly started_at_ms: number;
  readonly ended_at_ms?: number;
  readonly error?: string;
}

export function toWireDelivery(delivery: DeliveryRecord): WireDelivery {
  const { resolution, attempts, nextAttemptAtMs, from, interactionId } = delivery;
  const last = attempts.at(-1);
  return {
    delivery_id: delivery.deliveryId,
    route_id: resolution.routeId,
    recipient: resolution.recipient,
    channel: resolution.channel,
    sink: resolution.sink,
    target_module: resolution.targetModule,
    payload: delivery.payload,
    status: delivery.status,
    attempts: attempts.map(toWireAttempt),
    first_attempt_ms: attempts[0]?.startedAtMs ?? null,
    final_attempt_ms: last?.endedAtMs ?? last?.startedAtMs ?? null,
    ...(nextAttemptAtMs !== undefined && { next_attempt_at_ms: nextAttemptAtMs }),
    idempotency_key: delivery.idempotencyKey ?? null,
    sink_adapter: delivery.sinkAdapter ?? null,
    ...(from !== undefined && { from }),
    ...(interactionId !== undefined && { interaction_id: interactionId }),
  };
}

function toWireAttempt({ attempt, status, backoffMs, startedAtMs, endedAtMs, error }: DeliveryAttempt) {
  return {
    attempt,
    status,
    backoff_ms: backoffMs,
    started_at_ms: startedAtMs,
    ...(endedAtMs !== undefined && { ended_at_ms: endedAtMs }),
    ...(error !== undefined && { error }),
  };
}

/** One that is blank is none. */
function filter(name: keyof DeliveryQuery, text = ''): DeliveryQuery {
  const trimmed = text.trim();
  return trimmed === '' ? {} : { [name]: trimmed };
}
