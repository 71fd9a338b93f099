import type { EmailSinkOptions, WebhookSinkOptions } from '@mobkit/delivery';
import { z } from 'zod';

import { fromEnvironment } from './from-environment.js';

/** The ways out of the mob beside `log` and `mob_member`, which are always there. */
export interface SinksConfig {
  readonly webhook?: WebhookSinkOptions;
  readonly email?: EmailSinkOptions;
}

const text = z.string().trim().min(1);
const whole = z.int().min(1);
/** Shorter than the app's delivery gives a sink: only then the sink can say what came of a call that took too long. */
const timeLimit = whole.max(29_000, 'is at most 29000: after 30 seconds the delivery gives a call up');

// The name of a variable and never a secret: this file may be shown to others.
const secretEnv = text.transform((name, context) => {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  context.addIssue({ code: 'custom', message: 'names a variable that is not set' });
  return z.NEVER;
});

const webhook = z
  .strictObject({
    secret_env: secretEnv.optional(),
    private_hosts: z.array(text).optional(),
    only_hosts: z.array(text).optional(),
    timeout_ms: timeLimit.optional(),
    idempotent: z.boolean().optional(),
    // With many receivers the address is the secret.
    endpoints: z
      .record(text, z.strictObject({ url: fromEnvironment, secret_env: secretEnv.optional() }))
      .optional(),
  })
  .transform(
    ({
      secret_env: secret,
      private_hosts: privateHosts,
      only_hosts: onlyHosts,
      timeout_ms: timeoutMs,
      idempotent,
      endpoints,
    }): WebhookSinkOptions => ({
      ...(secret !== undefined && { secret }),
      ...(privateHosts && { privateHosts }),
      ...(onlyHosts && { onlyHosts }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(idempotent !== undefined && { idempotent }),
      ...(endpoints && {
        endpoints: Object.fromEntries(
          Object.entries(endpoints).map(([name, { url, secret_env: own }]) => [
            name,
            { url, ...(own !== undefined && { secret: own }) },
          ]),
        ),
      }),
    }),
  );

const email = z
  .strictObject({
    host: text,
    port: whole.optional(),
    encryption: z.enum(['starttls', 'tls', 'none']).optional(),
    user: text.optional(),
    password_env: secretEnv.optional(),
    from: text,
    timeout_ms: timeLimit.optional(),
  })
  .transform(
    ({
      host,
      port,
      encryption,
      user,
      password_env: password,
      from,
      timeout_ms: timeoutMs,
    }): EmailSinkOptions => ({
      host,
      from,
      ...(port !== undefined && { port }),
      ...(encryption && { encryption }),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    }),
  );

export const sinksSchema = z
  .strictObject({ webhook: webhook.optional(), email: email.optional() })
  .prefault({})
  .transform((given): SinksConfig => ({
    ...(given.webhook && { webhook: given.webhook }),
    ...(given.email && { email: given.email }),
  }));
