import type { JsonValue } from '@mobkit/core';
import type { ModuleEventListener, ModuleStatus } from '@mobkit/core/ops';

import { openModules, type SupervisionOptions } from './create-modules.js';
import { configureModules, type RestartPolicy } from './module-config.js';

/** An MCP server, and how it is kept alive. */
export interface SuperviseMcpOptions extends SupervisionOptions {
  /** A program that speaks MCP over its standard streams. Started without a shell, in a process group of its own. */
  readonly command: string;
  /** @defaultValue none */
  readonly args?: readonly string[];
  /** Beside the environment of this process. @defaultValue none */
  readonly env?: Readonly<Record<string, string>>;
  /** What errors and events call it. @defaultValue `mcp` */
  readonly name?: string;
  /** @defaultValue `on_failure` */
  readonly restartPolicy?: RestartPolicy;
  /** Told when it is ready, and what goes wrong. Must not throw. */
  readonly onEvent?: ModuleEventListener;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

/** A supervised MCP server. */
export interface SupervisedMcp {
  /** As `ModuleHost.call`. */
  call(
    tool: string,
    params?: JsonValue,
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<JsonValue>;
  /** Sorted. */
  tools(): readonly string[];
  status(): ModuleStatus;
  /** Ends it and all that it started. Calls under way fail. Closing twice is safe. */
  close(): Promise<void>;
}

/**
 * Starts one MCP server and keeps it up: alone, without a mob. Resolves when it can be called.
 *
 * @throws as `ModuleHost.spawn`; nothing is left then.
 */
export async function superviseMcp(options: SuperviseMcpOptions): Promise<SupervisedMcp> {
  const {
    command,
    args = [],
    env = {},
    name = 'mcp',
    restartPolicy = 'on_failure',
    onEvent,
    signal,
  } = options;
  const module = { id: name, command, args, restartPolicy };
  const boundary = ['MOBKIT_MODULE_BOUNDARY', 'mcp'] as const;
  const preSpawn = [{ moduleId: name, env: [boundary, ...Object.entries(env)] }];
  const host = openModules(options, configureModules([module], preSpawn), []);
  const unwanted = signal ?? new AbortController().signal;
  await host.start({ onEvent: onEvent ?? (() => {}), signal: unwanted });
  const close = async () => {
    await host.shutdown({ deadlineMs: Infinity });
  };
  const giveUp = () => void close();
  unwanted.addEventListener('abort', giveUp, { once: true });
  try {
    unwanted.throwIfAborted();
    await host.spawn(name);
  } catch (error) {
    await close();
    throw unwanted.aborted ? unwanted.reason : error;
  } finally {
    unwanted.removeEventListener('abort', giveUp);
  }
  return {
    call: (method, params = {}, { timeoutMs, signal: given } = {}) =>
      host.call({
        moduleId: name,
        method,
        params,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(given && { signal: given }),
      }),
    tools: () => host.tools(name),
    status: () => host.modules()[0] as ModuleStatus,
    close,
  };
}
