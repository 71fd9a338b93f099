import { type Clock, systemClock } from '@mobkit/core';
import type { ModuleHost } from '@mobkit/core/ops';

import {
  type ConfiguredModule,
  configureModules,
  type ModuleConfig,
  type PreSpawnData,
} from './module-config.js';
import { Modules } from './modules.js';
import type { RestartLimits } from './restart-budget.js';
import type { SessionDeps } from './session.js';

/** How long modules may take, and how often they are started again. Times are whole milliseconds. */
export interface SupervisionOptions {
  /**
   * Most restarts of an `on_failure` module within `restartWindowMs`, and in a row that lead to no healthy process; beyond
   * it is `Stopped`. @defaultValue 1
   */
  readonly onFailureRetryBudget?: number;
  /** The same for an `always` module. @defaultValue 1 */
  readonly alwaysRestartBudget?: number;
  /** Slides. A process that was healthy for so long makes the next pause a first one again. @defaultValue 10_000 */
  readonly restartWindowMs?: number;
  /** The pause before a first restart; each further one waits twice as long. @defaultValue 0 */
  readonly restartBackoffMs?: number;
  /** No pause is longer. @defaultValue 30_000 */
  readonly longestBackoffMs?: number;
  /** From the start of a process until it is ready. @defaultValue 10_000 */
  readonly startTimeoutMs?: number;
  /** For a call that says nothing else. @defaultValue 5000 */
  readonly callTimeoutMs?: number;
  /** A process that is to end has so long before it is ended by force, with its group. @defaultValue 2000 */
  readonly graceMs?: number;
  /**
   * How often a module that speaks MCP is asked whether it is still there; after 5 seconds without an answer it is started
   * again. Absent: only when a call of it has timed out.
   */
  readonly pingIntervalMs?: number;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** Which modules there are, and which of them are started. */
export interface ModulesOptions extends SupervisionOptions {
  /** Those that there are. */
  readonly modules: readonly ModuleConfig[];
  /** Those that are started with the host, in this order; a repeated one once. @defaultValue none */
  readonly discovery?: { readonly modules: readonly string[] };
  /** @defaultValue none */
  readonly preSpawn?: readonly PreSpawnData[];
}

/**
 * A host of helper processes. Nothing is started before `start`, `spawn` or `reconcile`.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a module that cannot be meant (`details.module`, `details.field`). TypeError for a
 * number that cannot.
 */
export function createModules(options: ModulesOptions): ModuleHost {
  const { modules, preSpawn = [], discovery: { modules: wanted } = { modules: [] } } = options;
  return openModules(options, configureModules(modules, preSpawn), wanted);
}

/** As `createModules`, of modules that are checked. */
export function openModules(
  options: SupervisionOptions & Pick<SessionDeps, 'kill'>,
  configured: ReadonlyMap<string, ConfiguredModule>,
  wanted: readonly string[],
): Modules {
  const {
    onFailureRetryBudget = 1,
    alwaysRestartBudget = 1,
    restartWindowMs = 10_000,
    restartBackoffMs = 0,
    longestBackoffMs = 30_000,
    startTimeoutMs = 10_000,
    callTimeoutMs = 5000,
    graceMs = 2000,
    pingIntervalMs,
    clock = systemClock,
    kill,
  } = options;
  const numbers = {
    onFailureRetryBudget,
    alwaysRestartBudget,
    restartWindowMs,
    restartBackoffMs,
    longestBackoffMs,
    graceMs,
  };
  for (const [name, value] of Object.entries(numbers)) expectWhole(name, value, 0);
  const fromOne = { startTimeoutMs, callTimeoutMs, ...(pingIntervalMs !== undefined && { pingIntervalMs }) };
  for (const [name, value] of Object.entries(fromOne)) expectWhole(name, value, 1);
  const budgets = { never: 0, on_failure: onFailureRetryBudget, always: alwaysRestartBudget };
  return new Modules({
    configured,
    wanted,
    limitsOf: ({ restartPolicy }): RestartLimits => ({
      restarts: budgets[restartPolicy],
      windowMs: restartWindowMs,
      backoffMs: restartBackoffMs,
      longestBackoffMs,
    }),
    startTimeoutMs,
    callTimeoutMs,
    graceMs,
    clock,
    sessionOptions: {
      ...(pingIntervalMs !== undefined && { pingIntervalMs }),
      ...(kill && { kill }),
    },
  });
}

function expectWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new TypeError(`${name} is not a whole number from ${least}: ${value}`);
}
