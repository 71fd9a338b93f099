import { resolve } from 'node:path';

import { MobError } from '@mobkit/core';
import { z } from 'zod';

/** Which directory holds the database, and how to open it. */
export interface SqliteStoreOptions {
  /**
   * Holds the database and the lock, on a local disk; created when missing. One process owns it at a time: file locks
   * do not work on every network file system.
   */
  readonly directory: string;
  /**
   * Reads what is there, whether or not another process owns it. Takes no lock and creates nothing; every write is
   * refused. @defaultValue false
   */
  readonly readOnly?: boolean;
  /** Told of failures no caller waits for. @defaultValue they are dropped */
  readonly onError?: (error: MobError) => void;
}

const optionsSchema = z.strictObject({
  directory: z
    .string()
    .min(1)
    .refine((directory) => !directory.includes('\0'), 'holds a NUL character')
    .transform((directory) => resolve(directory)),
  readOnly: z.boolean().default(false),
  onError: z
    .custom<(error: MobError) => void>((value) => typeof value === 'function', 'a function')
    .default(() => () => {}),
});

export type ParsedOptions = z.output<typeof optionsSchema>;

/** @throws MobError `MOB_CONFIG_INVALID`, naming each wrong option. */
export function parseOptions(options: SqliteStoreOptions): ParsedOptions {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new MobError('MOB_CONFIG_INVALID', `store-sqlite: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}
