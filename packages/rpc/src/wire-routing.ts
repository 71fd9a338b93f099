import type { ResolveRequest, Route, RouteLimits } from '@mobkit/core/ops';

import { parseParams } from './params.js';
import { resolveParams, type RouteParams, routeParams } from './routing-params.js';

// What comes in. What goes out is translated in core: the event of a resolution, and modules, have the same form.

/** A route as clients read it. */
export interface WireRoute {
  readonly route_key: string;
  readonly recipient: string;
  readonly channel: string | null;
  readonly sink: string;
  readonly target_module: string;
  readonly retry_max: number | null;
  readonly backoff_ms: number | null;
  readonly rate_limit_per_minute: number | null;
}

/** A resolution as clients read it, and give it back to whoever is to deliver by it. */
export interface WireResolution {
  readonly route_id: string;
  readonly recipient: string;
  readonly channel: string;
  readonly sink: string;
  readonly target_module: string;
  readonly retry_max: number;
  readonly backoff_ms: number;
  readonly rate_limit_per_minute: number;
  /** Absent when no route decided. */
  readonly route_key?: string;
}

/**
 * Reads what `mobkit/routing/resolve` is called with.
 *
 * @throws MobError `MOB_REQUEST_INVALID` that names the field.
 */
export function parseResolveRequest(params: unknown): ResolveRequest {
  const { recipient, channel, ...limits } = parseParams(resolveParams, params);
  return { recipient, ...(channel !== undefined && { channel }), ...limitsOf(limits) };
}

/** @throws MobError `MOB_REQUEST_INVALID`, with `details.field`. */
export function parseRoute(params: unknown): Route {
  const given: RouteParams = parseParams(routeParams, params);
  const { route_key: routeKey, recipient, channel, sink, target_module: targetModule, ...limits } = given;
  return {
    routeKey,
    recipient,
    ...(channel !== undefined && { channel }),
    sink,
    ...(targetModule !== undefined && { targetModule }),
    ...limitsOf(limits),
  };
}

type WireLimits = Pick<RouteParams, 'retry_max' | 'backoff_ms' | 'rate_limit_per_minute'>;

function limitsOf(given: WireLimits): RouteLimits {
  const { retry_max: retryMax, backoff_ms: backoffMs, rate_limit_per_minute: rateLimitPerMinute } = given;
  return {
    ...(retryMax !== undefined && { retryMax }),
    ...(backoffMs !== undefined && { backoffMs }),
    ...(rateLimitPerMinute !== undefined && { rateLimitPerMinute }),
  };
}
