import { resolve } from 'node:path';

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
  ])
  .optional();

/** Where the rows of sessions go. */
export type SessionsConfig =
  | { readonly store: 'file'; readonly path?: string }
  | { readonly store: 'storage' };

/** Paths in a config are from where it lies. */
export function sessionsOf(
  given: z.output<typeof sessionsSchema>,
  directory: string,
): { readonly sessions?: SessionsConfig } {
  if (!given) return {};
  if (given.store === 'storage') return { sessions: given };
  const { store, path } = given;
  return { sessions: { store, ...(path !== undefined && { path: resolve(directory, path) }) } };
}
