import type { RuntimeHooks } from '@mobkit/runtime';
import { z } from 'zod';

import type { RuntimeSettings } from '../parts/unified-runtime.js';

const limit = (min: number) => z.int().min(min).max(3_600_000).optional();

/** The part `runtime` of a config: time limits, in milliseconds, and whether what drifted is brought back. */
export const runtimeConfig = z
  .strictObject({
    drain_timeout_ms: limit(0),
    hook_timeout_ms: limit(1),
    reconcile: z.enum(['report', 'converge']).optional(),
    delegate_idle_retire_ms: limit(1),
  })
  .prefault({});

/** Only a config that is a program can hold one. */
const hook = <Name extends keyof RuntimeHooks>() =>
  z
    .custom<NonNullable<RuntimeHooks[Name]>>((given) => typeof given === 'function', 'is not a function')
    .optional();

/** The part `hooks` of a config. */
export const hooksConfig = z
  .strictObject({
    preSpawn: hook<'preSpawn'>(),
    postSpawn: hook<'postSpawn'>(),
    postReconcile: hook<'postReconcile'>(),
  })
  .prefault({});

export function runtimeSettingsOf(
  {
    drain_timeout_ms: drainTimeoutMs,
    hook_timeout_ms: hookTimeoutMs,
    reconcile: mode,
    delegate_idle_retire_ms: idleRetireMs,
  }: z.output<typeof runtimeConfig>,
  { preSpawn, postSpawn, postReconcile }: z.output<typeof hooksConfig>,
): RuntimeSettings {
  return {
    ...(drainTimeoutMs !== undefined && { drainTimeoutMs }),
    ...(hookTimeoutMs !== undefined && { hookTimeoutMs }),
    ...(mode && { reconcile: { mode } }),
    ...(idleRetireMs !== undefined && { delegates: { idleRetireMs } }),
    hooks: {
      ...(preSpawn && { preSpawn }),
      ...(postSpawn && { postSpawn }),
      ...(postReconcile && { postReconcile }),
    },
  };
}
