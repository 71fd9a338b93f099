import { MobError } from '@mobkit/core';
import type { ModuleConfig, PreSpawnData, SupervisionOptions } from '@mobkit/modules';
import { z } from 'zod';

import { fromEnvironment } from './from-environment.js';

/** The helper processes of the app. */
export interface ModulesConfig {
  readonly modules: readonly ModuleConfig[];
  readonly preSpawn: readonly PreSpawnData[];
  /** Those that start with the app, in this order; the others may be started later. */
  readonly wanted: readonly string[];
  readonly supervision: SupervisionOptions;
}

const text = z.string().trim().min(1);
const restartPolicy = z.enum(['never', 'on_failure', 'always']);
const whole = (min: number) => z.int().min(min).max(86_400_000).optional();

/** Programs that may be run, as somebody who is trusted has written them down. */
const manifestSchema = z.strictObject({
  modules: z
    .array(
      z.strictObject({
        id: text,
        command: text,
        args: z.array(z.string()).default([]),
        restart_policy: restartPolicy.default('on_failure'),
      }),
    )
    .default([]),
});

/** The part `modules` of a config. */
export const modulesSchema = z.array(
  z.strictObject({
    id: text,
    command: text.optional(),
    args: z.array(z.string()).optional(),
    restart_policy: restartPolicy.optional(),
    boundary: z.enum(['mcp', 'lines']).optional(),
    env: z.record(text, fromEnvironment).default({}),
    start: z.boolean().default(true),
  }),
);

/** The part `supervision` of a config; times are milliseconds. */
export const supervisionSchema = z.strictObject({
  on_failure_retry_budget: whole(0),
  always_restart_budget: whole(0),
  restart_window_ms: whole(0),
  restart_backoff_ms: whole(0),
  longest_backoff_ms: whole(0),
  start_timeout_ms: whole(1),
  call_timeout_ms: whole(1),
  grace_ms: whole(0),
  ping_interval_ms: whole(1),
});

type Entry = z.output<typeof modulesSchema>[number];
/** A module of the manifest. */
export type TrustedModule = z.output<typeof manifestSchema>['modules'][number];

/** @throws MobError `MOB_CONFIG_INVALID`, naming the file and every wrong field. */
export function parseManifest(given: unknown, file: string): readonly TrustedModule[] {
  const parsed = manifestSchema.safeParse(given);
  if (parsed.success) return parsed.data.modules;
  throw new MobError('MOB_CONFIG_INVALID', `${file}: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    details: { file },
  });
}

interface ModulesGiven {
  /** Absent: none. */
  readonly entries?: readonly Entry[] | undefined;
  readonly supervision?: z.output<typeof supervisionSchema> | undefined;
  /** What the manifest has, if there is one. */
  readonly trusted?: readonly TrustedModule[] | undefined;
  /** Where entries stand, for complaints. */
  readonly file: string;
  /** Where modules run. */
  readonly directory: string;
}

/**
 * The modules of a config and of the manifest beside it. An entry without a command is about the module of that id in the
 * manifest, which starts by itself only if there is such an entry. Undefined when there is no module at all.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for an entry with a command that is in the manifest too, or without one that is not, and for
 * a second one about the same module.
 */
export function modulesOf({
  entries = [],
  supervision = {},
  trusted = [],
  file,
  directory,
}: ModulesGiven): ModulesConfig | undefined {
  if (entries.length === 0 && trusted.length === 0) return undefined;
  for (const [at, { id }] of entries.entries()) {
    // Each has an environment of its own, and one of them would be passed over.
    if (entries.findIndex((one) => one.id === id) !== at)
      throw invalid(file, id, 'has two entries: make them one');
  }
  const own = entries.flatMap((entry) => ownModule(entry, trusted, file) ?? []);
  return {
    modules: [...trusted, ...own].map(({ id, command, args, restart_policy }) => ({
      id,
      command,
      args,
      restartPolicy: restart_policy,
      cwd: directory,
    })),
    preSpawn: entries.map(({ id, boundary, env }) => ({
      moduleId: id,
      env: [
        ...(boundary === 'mcp' ? [['MOBKIT_MODULE_BOUNDARY', 'mcp'] as const] : []),
        ...Object.entries(env),
      ],
    })),
    wanted: entries.filter(({ start }) => start).map(({ id }) => id),
    supervision: supervisionOf(supervision),
  };
}

/** Undefined for one of the manifest. */
function ownModule(
  { id, command, args, restart_policy }: Entry,
  trusted: readonly TrustedModule[],
  file: string,
): TrustedModule | undefined {
  const isTrusted = trusted.some((one) => one.id === id);
  if (command !== undefined && !isTrusted) {
    return { id, command, args: args ?? [], restart_policy: restart_policy ?? 'on_failure' };
  }
  if (!isTrusted) throw invalid(file, id, 'needs a command, as mobkit.toml has no module of that id');
  if (command === undefined && args === undefined && restart_policy === undefined) return undefined;
  throw invalid(
    file,
    id,
    'is in mobkit.toml, which alone says how it is run: leave out command, args and restart_policy',
  );
}

function supervisionOf(given: z.output<typeof supervisionSchema>): SupervisionOptions {
  const options = {
    onFailureRetryBudget: given.on_failure_retry_budget,
    alwaysRestartBudget: given.always_restart_budget,
    restartWindowMs: given.restart_window_ms,
    restartBackoffMs: given.restart_backoff_ms,
    longestBackoffMs: given.longest_backoff_ms,
    startTimeoutMs: given.start_timeout_ms,
    callTimeoutMs: given.call_timeout_ms,
    graceMs: given.grace_ms,
    pingIntervalMs: given.ping_interval_ms,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function invalid(file: string, module: string, why: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `${file}: module "${module}" ${why}`, {
    details: { file, module },
  });
}
