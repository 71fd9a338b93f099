import { MobError } from '@mobkit/core';

/** Statuses of a receiver that may answer otherwise the next time. */
const PASSING_STATUSES = [408, 425, 429];

/** A receiver does not keep a message waiting for longer, whatever it says. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1_000;

export interface Asked {
  readonly url: URL;
  /** Whether the receiver knows a message that comes again, and so may say that it is at work on it. */
  readonly idempotent: boolean;
  readonly nowMs: number;
}

/** Why an answer does not take the message; undefined when it does. */
export function refusal(
  { status, headers }: { readonly status: number; readonly headers: { get(name: string): string | null } },
  { url, idempotent, nowMs }: Asked,
): MobError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const retryable = status >= 500 || PASSING_STATUSES.includes(status) || (status === 409 && idempotent);
  const retryAfterMs = retryable ? waitOf(headers.get('retry-after'), nowMs) : undefined;
  const why = status >= 300 && status < 400 ? ': redirects are not followed, give the address there' : '';
  return new MobError('MOB_DELIVERY_FAILED', `webhook: ${url.origin} answered ${status}${why}`, {
    retryable,
    details: { host: url.host, status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  });
}

/** Of seconds or a date. */
function waitOf(given: string | null, nowMs: number): number | undefined {
  if (given === null) return undefined;
  const waitMs = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS);
}
