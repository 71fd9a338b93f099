import type { ResolveRequest, Route, RouteLimits } from '@mobkit/core/ops';

import type { ResolveParams, RouteParams } from './routing-params.js';

// What comes in. What goes out is translated in core, for the event of a resolution has the same form.

export function resolveRequestOf({ recipient, channel, ...limits }: ResolveParams): ResolveRequest {
  return { recipient, ...(channel !== undefined && { channel }), ...limitsOf(limits) };
}

export function routeOf(params: RouteParams): Route {
  const { route_key: routeKey, recipient, channel, sink, target_module: targetModule, ...limits } = params;
  return {
    routeKey,
    recipient,
    ...(channel !== undefined && { channel }),
    sink,
    ...(targetModule !== undefined && { targetModule }),
    ...limitsOf(limits),
  };
}

type WireLimits = Pick<ResolveParams, 'retry_max' | 'backoff_ms' | 'rate_limit_per_minute'>;

function limitsOf(given: WireLimits): RouteLimits {
  const { retry_max: retryMax, backoff_ms: backoffMs, rate_limit_per_minute: rateLimitPerMinute } = given;
  return {
    ...(retryMax !== undefined && { retryMax }),
    ...(backoffMs !== undefined && { backoffMs }),
    ...(rateLimitPerMinute !== undefined && { rateLimitPerMinute }),
  };
}
