import { resolve } from 'node:path';

import type { BigQueryOptions, BigQuerySessionOptions } from '@mobkit/store-bigquery';
import { z } from 'zod';

/** `[sessions]`: where what becomes of the mob's sessions is written as rows. */
export const sessionsSchema = z
  .discriminatedUnion('store', [
    z.strictObject({
      store: z.literal('file'),
      /** @defaultValue `sessions.json` in the state directory */
      path: z.string().trim().min(1).optional(),
    }),
    z.strictObject({ store: z.literal('storage') }),
    z.strictObject({
      store: z.literal('bigquery'),
      table: z.string().trim().min(1).optional(),
      latest_view_minutes: z.int().optional(),
    }),
  ])
  .optional();

/** Where the rows of sessions go. */
export type SessionsConfig =
  | { readonly store: 'file'; readonly path?: string }
  | { readonly store: 'storage' }
  | { readonly store: 'bigquery'; readonly options: BigQuerySessionOptions };

/** Paths in a config are from where it lies. */
export function sessionsOf(
  given: z.output<typeof sessionsSchema>,
  directory: string,
  bigquery: BigQueryOptions | undefined,
): { readonly sessions?: SessionsConfig } {
  if (!given) return {};
  if (given.store === 'storage') return { sessions: given };
  if (given.store === 'bigquery') {
    if (!bigquery) return {};
    const { table, latest_view_minutes: latestViewMinutes } = given;
    const more = {
      ...(table !== undefined && { table }),
      ...(latestViewMinutes !== undefined && { latestViewMinutes }),
    };
    return { sessions: { store: 'bigquery', options: { ...bigquery, ...more } } };
  }
  const { store, path } = given;
  return { sessions: { store, ...(path !== undefined && { path: resolve(directory, path) }) } };
}
