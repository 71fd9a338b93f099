import { resolve } from 'node:path';

import { z } from 'zod';

import type { GivenFiles } from './config-files.js';

const path = z.string().trim().min(1);

/** The part `files` of a config: other places for the files beside it. */
export const filesConfig = z
  .strictObject({
    gating: path.optional(),
    routing: path.optional(),
    schedules: z.array(path).optional(),
    // Off unless it is asked for: others write it, for other programs.
    workspace: z.boolean().default(false),
  })
  .prefault({});

/** Paths relative to where the config lies. */
export function givenFiles(
  { gating, routing, schedules }: z.output<typeof filesConfig>,
  directory: string,
): GivenFiles {
  return {
    ...(gating !== undefined && { gating: resolve(directory, gating) }),
    ...(routing !== undefined && { routing: resolve(directory, routing) }),
    ...(schedules && { schedules: schedules.map((file) => resolve(directory, file)) }),
  };
}
