import { createHmac, timingSafeEqual } from 'node:crypto';

/** A message is believed for so long before and after it was signed, in seconds, unless told otherwise. */
const TOLERANCE_S = 300;

const PREFIX = 'whsec_';

/** What `verifyWebhook` is given: a request as it arrived. */
export interface ReceivedWebhook {
  /** By name in lower case, as Node gives them, or a `Headers`. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Exactly as it arrived: JSON that was parsed and written again is another text. */
  readonly body: string | Uint8Array;
  /** The secret both sides have: `whsec_` and base64. */
  readonly secret: string;
  /** By how much the clocks of both sides, and the way between, may differ, in seconds. @defaultValue 300 */
  readonly toleranceS?: number;
  /** Unix time in milliseconds. @defaultValue `Date.now()` */
  readonly nowMs?: number;
}

/**
 * For receivers: whether a request was sent by whoever has the secret, just now, and arrived whole. The scheme is that of
 * Standard Webhooks, so that its libraries may be used instead. A request may arrive more than once: `webhook-id` is then
 * the same, and so is `Idempotency-Key`.
 *
 * @throws TypeError for a secret that is none. Of a request nothing is thrown.
 */
export function verifyWebhook(received: ReceivedWebhook): boolean {
  const { body, secret, toleranceS = TOLERANCE_S, nowMs = Date.now() } = received;
  const key = keyOf(secret);
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(received.headers, name),
  );
  if (id === undefined || timestamp === undefined || signatures === undefined) return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > toleranceS) return false;
  const expected = Buffer.from(sign(key, { id, timestamp, body }));
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

export interface Signed {
  readonly id: string;
  /** Whole seconds of Unix time. */
  readonly timestamp: string;
  readonly body: string | Uint8Array;
}

/** `v1,` and the base64 of an HMAC-SHA256 over id, timestamp and body. */
export function sign(key: Uint8Array, { id, timestamp, body }: Signed): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/** @throws TypeError, without the secret in it, for one that is none. */
export function keyOf(secret: string): Uint8Array {
  const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(base64, 'base64');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64) && key.length >= 24 && key.length <= 64) return key;
  throw new TypeError(`A secret of webhooks is "${PREFIX}" and the base64 of 24 to 64 random bytes`);
}

function headerOf(headers: ReceivedWebhook['headers'], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
