import type { JsonValue } from '@mobkit/core';
import { z } from 'zod';

import { isStorable } from './params.js';

const NOT_BLANK = 'must be a non-empty string';
const STORABLE = 'must be at most 400 characters without NUL';
const LIMIT = 'must be an integer between 1 and 200';

const notBlank = z
  .string(NOT_BLANK)
  .refine((value) => value.trim() !== '', { error: NOT_BLANK, abort: true });
const storable = notBlank.refine(isStorable, STORABLE);
const whole = z.custom<number>(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'must be a non-negative integer',
);

// As it was handed out: nothing is trimmed, and whether it is whole the router says.
const resolution = z.strictObject(
  {
    route_id: notBlank,
    recipient: storable,
    channel: storable,
    sink: storable,
    target_module: notBlank,
    retry_max: whole,
    backoff_ms: whole,
    rate_limit_per_minute: whole,
    route_key: z.string('must be a string').nullish(),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be an object' : undefined) },
);

export const deliveryParams = z.strictObject({
  resolution,
  payload: z.custom<JsonValue>((value) => value !== undefined, 'is required'),
  idempotency_key: notBlank
    .transform((key) => key.trim())
    .pipe(storable)
    .optional(),
});

export type DeliveryParams = z.output<typeof deliveryParams>;

const text = z.string('must be a string').refine(isStorable, STORABLE).optional();

export const deliveriesParams = z.strictObject({
  recipient: text,
  sink: text,
  before: text,
  limit: z
    .custom<number>(
      (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 200,
      LIMIT,
    )
    .optional(),
});

export const deliveryIdParams = z.strictObject({ delivery_id: storable });
