import { type Clock, MobError, systemClock } from '@mobkit/core';
import { z } from 'zod';

import { createHostGuard, type HostGuard, type HostRules } from './host-rules.js';
import { keyOf } from './signature.js';

/** Whom the sink calls, how its calls are signed and how long they may take. */
export interface WebhookSinkOptions extends HostRules {
  /**
   * Where recipients are called who are no address themselves: by the recipient, else by the key of the route that took them;
   * `*` takes everybody else. @defaultValue none
   */
  readonly endpoints?: Readonly<Record<string, WebhookEndpoint>>;
  /**
   * Signs what goes to recipients that are an address themselves. One receiver can pass what it was sent on to another with
   * the same secret: an endpoint has its own, or none. @defaultValue they get no signature
   */
  readonly secret?: string;
  /** For a call as a whole. @defaultValue 10000 */
  readonly timeoutMs?: number;
  /**
   * Says that every receiver drops what comes again with an `Idempotency-Key` it has seen. Then a call is made again when
   * nobody knows whether it arrived; else its outcome is `unknown`. @defaultValue false
   */
  readonly idempotent?: boolean;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** An address that is called for recipients who are none. */
export interface WebhookEndpoint {
  /** http or https, without a user or a password in it. */
  readonly url: string;
  /** Signs what goes there: `whsec_` and the base64 of 24 to 64 random bytes. @defaultValue no signature */
  readonly secret?: string;
}

/** Where a message goes, and the key that signs it. */
export interface Target {
  readonly url: URL;
  readonly key?: Uint8Array;
}

export interface ParsedWebhookOptions {
  readonly guard: HostGuard;
  readonly endpoints: ReadonlyMap<string, Target>;
  readonly key?: Uint8Array;
  readonly timeoutMs: number;
  readonly idempotent: boolean;
  readonly clock: Clock;
}

const secret = z.string().transform((given, context) => {
  try {
    return keyOf(given);
  } catch {
    // What it says must not have the secret in it.
    context.addIssue({
      code: 'custom',
      message: 'is not "whsec_" and the base64 of 24 to 64 random bytes',
      input: undefined,
    });
    return z.NEVER;
  }
});
const schema = z.strictObject({
  endpoints: z
    .record(
      z.string().trim().min(1),
      z.strictObject({
        url: z.string().refine((given) => URL.canParse(given), 'is no address'),
        secret: secret.optional(),
      }),
    )
    .default({}),
  secret: secret.optional(),
  privateHosts: z.array(z.string()).optional(),
  onlyHosts: z.array(z.string()).optional(),
  timeoutMs: z.int().min(1).max(300_000).default(10_000),
  idempotent: z.boolean().default(false),
  clock: z.custom<Clock>().default(systemClock),
});

/** @throws MobError `MOB_CONFIG_INVALID`, naming what is wrong and no secret. */
export function parseWebhookOptions(options: WebhookSinkOptions): ParsedWebhookOptions {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { endpoints, secret: key, privateHosts, onlyHosts, timeoutMs, idempotent, clock } = parsed.data;
  const guard = createHostGuard({ ...(privateHosts && { privateHosts }), ...(onlyHosts && { onlyHosts }) });
  const targets = Object.entries(endpoints).map(([name, endpoint]): [string, Target] => {
    const url = new URL(endpoint.url);
    try {
      // Not at its first message, which may come at night.
      guard.checkUrl(url);
    } catch (error) {
      throw invalid(`endpoint "${name}": ${error instanceof Error ? error.message : String(error)}`);
    }
    return [name, { url, ...(endpoint.secret && { key: endpoint.secret }) }];
  });
  return {
    guard,
    endpoints: new Map(targets),
    timeoutMs,
    idempotent,
    clock,
    ...(key && { key }),
  };
}

function invalid(what: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `webhook: ${what}`);
}
