import type { JsonObject } from '../json-value.js';
import type { Resolution, Route } from './router.js';

/** A resolution as clients, modules and events have it; `route_key` is absent when no route decided. */
export function resolutionToJson(resolution: Resolution): JsonObject {
  const { routeKey } = resolution;
  return {
    route_id: resolution.routeId,
    recipient: resolution.recipient,
    channel: resolution.channel,
    sink: resolution.sink,
    target_module: resolution.targetModule,
    retry_max: resolution.retryMax,
    backoff_ms: resolution.backoffMs,
    rate_limit_per_minute: resolution.rateLimitPerMinute,
    ...(routeKey !== undefined && { route_key: routeKey }),
  };
}

/** A route as clients have it: `null` for what it does not say. */
export function routeToJson(route: Route): JsonObject {
  return {
    route_key: route.routeKey,
    recipient: route.recipient,
    channel: route.channel ?? null,
    sink: route.sink,
    target_module: route.targetModule ?? 'delivery',
    retry_max: route.retryMax ?? null,
    backoff_ms: route.backoffMs ?? null,
    rate_limit_per_minute: route.rateLimitPerMinute ?? null,
  };
}
