import { MOST_PER_MINUTE, MOST_RETRIES } from '@mobkit/core/ops';
import { z } from 'zod';

import { isStorable } from './params.js';

const NOT_BLANK = 'must be a non-empty string';
const STORABLE = 'must be at most 400 characters without NUL';
const TOO_LARGE = 'exceeds maximum supported integer range';

/** The largest integer of the limits that are counted. */
const MOST_32 = 2 ** 32 - 1;

const notBlank = (unless = NOT_BLANK) =>
  z.string(unless).trim().min(1, { error: NOT_BLANK, abort: true }).refine(isStorable, STORABLE);

// Of one that is too large to be exact the parser has made another number, which is too large as well.
const whole = (most: number) =>
  z
    .custom<number>((value) => Number.isInteger(value) && (value as number) >= 0, {
      error: 'must be a non-negative integer',
      abort: true,
    })
    .refine((value) => value <= most, { error: TOO_LARGE, abort: true });

const limits = {
  retry_max: whole(MOST_32)
    .refine((value) => value <= MOST_RETRIES, `must be <= ${MOST_RETRIES}`)
    .optional(),
  backoff_ms: whole(Number.MAX_SAFE_INTEGER).optional(),
  rate_limit_per_minute: whole(MOST_PER_MINUTE)
    .refine((value) => value > 0, 'must be greater than 0')
    .optional(),
};

const TEXT = 'must be a string';

export const resolveParams = z.strictObject({
  recipient: notBlank(),
  channel: notBlank(TEXT).optional(),
  ...limits,
});

const routeKey = notBlank().refine(({ length }) => length <= 256, 'must be at most 256 characters');

export const routeParams = z.strictObject({
  route_key: routeKey,
  recipient: notBlank(),
  channel: notBlank(TEXT).optional(),
  sink: notBlank(TEXT),
  target_module: notBlank(TEXT).optional(),
  ...limits,
});

export type RouteParams = z.output<typeof routeParams>;

export const routeKeyParams = z.strictObject({ route_key: routeKey });
