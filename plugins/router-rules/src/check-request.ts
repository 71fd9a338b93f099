import { checkText } from '@mobkit/core';
import {
  DEFAULT_CHANNEL,
  DEFAULT_ROUTE_LIMITS,
  MOST_PER_MINUTE,
  MOST_RETRIES,
  type ResolveRequest,
  type RouteLimits,
} from '@mobkit/core/ops';

/** What is asked for, with what counts where nothing is said. @throws TypeError for a wrong argument. */
export function checkRequest(request: ResolveRequest): Required<ResolveRequest> {
  const { recipient, channel = DEFAULT_CHANNEL } = request;
  const wrong = wrongLimit(request);
  if (wrong) throw new TypeError(`${wrong.field} ${wrong.rule}`);
  return {
    recipient: notBlank('recipient', recipient),
    channel: notBlank('channel', channel),
    ...limitsOf(request, DEFAULT_ROUTE_LIMITS),
  };
}

/** Those that are given, over others. */
export function limitsOf(given: RouteLimits, others: Required<RouteLimits>): Required<RouteLimits> {
  return {
    retryMax: given.retryMax ?? others.retryMax,
    backoffMs: given.backoffMs ?? others.backoffMs,
    rateLimitPerMinute: given.rateLimitPerMinute ?? others.rateLimitPerMinute,
  };
}

/** The first limit out of its bounds. */
export function wrongLimit(
  given: RouteLimits,
): { readonly field: string; readonly rule: string } | undefined {
  const bounds = [
    ['retryMax', 0, MOST_RETRIES],
    ['backoffMs', 0, Number.MAX_SAFE_INTEGER],
    ['rateLimitPerMinute', 1, MOST_PER_MINUTE],
  ] as const;
  for (const [field, least, most] of bounds) {
    const value = given[field];
    if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) continue;
    return { field, rule: `is not a whole number from ${least} to ${most}: ${value}` };
  }
  return undefined;
}

function notBlank(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') throw new TypeError(`${name} is not text, or blank`);
  checkText(name, text);
  return text;
}
