import { MOST_PER_MINUTE, MOST_RETRIES, type Route } from '@mobkit/core/ops';
import { z } from 'zod';

const text = z.string().trim().min(1);

/** The part `routes` of a config: the fixed routes, in the order that decides between equals. */
export const routesConfig = z
  .array(
    z
      .strictObject({
        route_key: text,
        recipient: text,
        channel: text.optional(),
        sink: text,
        target_module: text.optional(),
        retry_max: z.int().min(0).max(MOST_RETRIES).optional(),
        backoff_ms: z.int().min(0).optional(),
        rate_limit_per_minute: z.int().min(1).max(MOST_PER_MINUTE).optional(),
      })
      .transform((given): Route => {
        const {
          target_module: targetModule,
          retry_max: retryMax,
          backoff_ms: backoffMs,
          rate_limit_per_minute: rateLimitPerMinute,
        } = given;
        return {
          routeKey: given.route_key,
          recipient: given.recipient,
          ...(given.channel !== undefined && { channel: given.channel }),
          sink: given.sink,
          ...(targetModule !== undefined && { targetModule }),
          ...(retryMax !== undefined && { retryMax }),
          ...(backoffMs !== undefined && { backoffMs }),
          ...(rateLimitPerMinute !== undefined && { rateLimitPerMinute }),
        };
      }),
  )
  .default([]);
