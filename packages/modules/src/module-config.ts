import { MobError } from '@mobkit/core';
import type { ModuleBoundary } from '@mobkit/core/ops';

import type { ProgramSpec } from './program-spec.js';
import { withoutSecrets } from './without-secrets.js';

/**
 * What happens when a module fails: it ends with another code than 0 or by a signal, does not start, says what it must not,
 * or hangs. `never`: it stays as it is. `on_failure`: it is started again. `always`: also when it ends with code 0. None of
 * them touches one that is healthy.
 */
export type RestartPolicy = 'never' | 'on_failure' | 'always';

/** A helper process. */
export interface ModuleConfig {
  /** What it is called and routed by. */
  readonly id: string;
  /** Started without a shell, in a process group of its own. */
  readonly command: string;
  readonly args: readonly string[];
  /** Where it runs. @defaultValue where this process does */
  readonly cwd?: string;
  readonly restartPolicy: RestartPolicy;
}

/** What a module is given before it starts. */
export interface PreSpawnData {
  readonly moduleId: string;
  /**
   * Its environment, beside that of this process; of two pairs with one name the first counts. `MOBKIT_MODULE_BOUNDARY` =
   * `mcp` says that it speaks MCP; without it, it speaks lines.
   */
  readonly env: readonly (readonly [name: string, value: string])[];
}

/** A module as it is started. */
export interface ConfiguredModule {
  readonly id: string;
  readonly boundary: ModuleBoundary;
  readonly program: ProgramSpec;
  readonly restartPolicy: RestartPolicy;
  /** Takes what the module was given in confidence out of a text. */
  readonly withoutSecrets: (text: string) => string;
}

const BOUNDARY = 'MOBKIT_MODULE_BOUNDARY';
const POLICIES: readonly string[] = ['never', 'on_failure', 'always'];

/** @throws MobError `MOB_CONFIG_INVALID` (`details.module`, `details.field`) for one that cannot be meant. */
export function configureModules(
  modules: readonly ModuleConfig[],
  preSpawn: readonly PreSpawnData[],
): ReadonlyMap<string, ConfiguredModule> {
  const configured = new Map<string, ConfiguredModule>();
  for (const config of modules) {
    check(config, configured);
    const { id, command, args, cwd, restartPolicy } = config;
    const env = environment(preSpawn.find(({ moduleId }) => moduleId === id)?.env ?? []);
    configured.set(id, {
      id,
      boundary: env[BOUNDARY]?.trim().toLowerCase() === 'mcp' ? 'mcp' : 'lines',
      program: { command, args, env, ...(cwd !== undefined && { cwd }) },
      restartPolicy,
      withoutSecrets: (text) => withoutSecrets(text, env),
    });
  }
  return configured;
}

function check({ id, command, restartPolicy }: ModuleConfig, before: ReadonlyMap<string, unknown>): void {
  const refuse = (field: string, why: string) => {
    throw new MobError('MOB_CONFIG_INVALID', `Module "${id}": ${why}`, { details: { module: id, field } });
  };
  if (id.trim() === '') refuse('id', 'its id is blank');
  if (before.has(id)) refuse('id', 'there are two of that id');
  if (command.trim() === '') refuse('command', 'its command is blank');
  if (!POLICIES.includes(restartPolicy))
    refuse('restart_policy', `there is no restart policy "${restartPolicy}"`);
}

function environment(pairs: PreSpawnData['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.toReversed());
}
