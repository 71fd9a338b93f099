import { extname, resolve } from 'node:path';

import { type Clock, MobError, systemClock } from '@mobkit/core';
import { z } from 'zod';

/** Which file keeps sessions, and how to share it. */
export interface FileSessionsOptions {
  /** Holds the rows; on a local disk. The file and its directories are created when missing. */
  readonly path: string;
  /** Says who writes. Beside the file unless told otherwise. @defaultValue `path` with the extension `.lock` */
  readonly lockPath?: string;
  /** How long to wait for another process that writes. @defaultValue 5000 */
  readonly lockWaitMs?: number;
  /**
   * The largest file, as each append writes it anew: beyond it rows that later ones have taken the place of go, and what
   * does not fit then is refused. @defaultValue 16777216
   */
  readonly maxBytes?: number;
  /** @defaultValue the system's */
  readonly clock?: Clock;
}

const path = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), 'holds a NUL character')
  .transform((text) => resolve(text));

const optionsSchema = z
  .strictObject({
    path,
    lockPath: path.optional(),
    lockWaitMs: z.int().min(0).max(3_600_000).default(5_000),
    maxBytes: z
      .int()
      .min(1_024)
      .max(512 * 1024 * 1024)
      .default(16 * 1024 * 1024),
    clock: z.custom<Clock>((value) => typeof value === 'object', 'a clock').default(() => systemClock),
  })
  .transform(({ lockPath, ...options }) => ({
    ...options,
    lockPath: lockPath ?? `${options.path.slice(0, options.path.length - extname(options.path).length)}.lock`,
  }))
  .refine((options) => options.lockPath !== options.path, {
    error: 'is the file itself: name another with lockPath',
    path: ['path'],
  });

export type ParsedOptions = z.output<typeof optionsSchema>;

/** @throws MobError `MOB_CONFIG_INVALID`, naming each wrong option. */
export function parseOptions(options: FileSessionsOptions): ParsedOptions {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new MobError('MOB_CONFIG_INVALID', `store-file: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}
