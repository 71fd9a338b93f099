import type { RouteLimits } from './router.js';

/** The most attempts after the first. */
export const MOST_RETRIES = 10;

/** The largest limit of messages for each minute. */
export const MOST_PER_MINUTE = 2 ** 32 - 1;

/** What counts when nobody says anything else. */
export const DEFAULT_ROUTE_LIMITS: Required<RouteLimits> = {
  retryMax: 1,
  backoffMs: 250,
  rateLimitPerMinute: 2,
};

/** The channel of a message whose sender names none. */
export const DEFAULT_CHANNEL = 'notification';
