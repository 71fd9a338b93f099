import { resolve } from 'node:path';

import type { FileDiscoveryOptions } from '@mobkit/discovery-file';
import type { HttpDiscoveryOptions } from '@mobkit/discovery-http';
import type { SqlDiscoveryOptions } from '@mobkit/discovery-sql';
import { z } from 'zod';

import { fromEnvironment } from './from-environment.js';

/** Who is asked who should exist, and who may talk to whom. */
export type DiscoveryConfig =
  | { readonly of: 'file'; readonly options: FileDiscoveryOptions }
  | { readonly of: 'url'; readonly options: HttpDiscoveryOptions }
  | { readonly of: 'postgres'; readonly options: SqlDiscoveryOptions };

const text = z.string().trim().min(1);
const whole = z.int().min(1);

const schemas = {
  file: z.strictObject({ file: text }).transform((options): DiscoveryConfig => ({ of: 'file', options })),
  url: z
    .strictObject({
      url: fromEnvironment,
      headers: z.record(text, fromEnvironment).optional(),
      // The name of a variable and never a token: this file may be shown to others.
      token_env: text
        .refine((name) => process.env[name] !== undefined, 'names a variable that is not set')
        .optional(),
      timeout_ms: whole.optional(),
      max_bytes: whole.optional(),
      refresh_ms: whole.optional(),
    })
    .transform(({ url, headers, token_env, timeout_ms, max_bytes, refresh_ms }): DiscoveryConfig => {
      const options = {
        url,
        ...(headers && { headers }),
        // Each time anew: whoever renews it sets the variable.
        ...(token_env !== undefined && { token: () => process.env[token_env] ?? '' }),
        ...(timeout_ms !== undefined && { timeoutMs: timeout_ms }),
        ...(max_bytes !== undefined && { maxBytes: max_bytes }),
        ...(refresh_ms !== undefined && { refreshMs: refresh_ms }),
      };
      return { of: 'url', options };
    }),
  postgres: z
    .strictObject({
      postgres: fromEnvironment,
      members: text,
      edges: text.optional(),
      channel: text.optional(),
      timeout_ms: whole.optional(),
      max_rows: whole.optional(),
    })
    .transform(({ postgres, members, edges, channel, timeout_ms, max_rows }): DiscoveryConfig => {
      const options = {
        connectionString: postgres,
        members,
        ...(edges !== undefined && { edges }),
        ...(channel !== undefined && { channel }),
        ...(timeout_ms !== undefined && { timeoutMs: timeout_ms }),
        ...(max_rows !== undefined && { maxRows: max_rows }),
      };
      return { of: 'postgres', options };
    }),
};
const names = ['file', 'url', 'postgres'] as const;

export const discoverySchema = z.looseObject({}).transform((given, context): DiscoveryConfig => {
  const [name, other] = names.filter((one) => given[one] !== undefined);
  if (name === undefined || other !== undefined) {
    context.addIssue({ code: 'custom', message: 'needs one of file, url and postgres' });
    return z.NEVER;
  }
  const parsed = schemas[name].safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues)
    context.addIssue({ code: 'custom', message, path: [...path] });
  return z.NEVER;
});

/** With a file that is relative to where the config lies. */
export function locateDiscovery(config: DiscoveryConfig, directory: string): DiscoveryConfig {
  if (config.of !== 'file') return config;
  return { of: 'file', options: { ...config.options, file: resolve(directory, config.options.file) } };
}
