import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ModuleEventEnvelope, ModuleHost } from '@mobkit/core/ops';
import { expect, onTestFinished } from 'vitest';

import { type ModulesOptions, openModules } from '../../src/create-modules.js';
import { configureModules, type ModuleConfig } from '../../src/module-config.js';
import type { ProcessDeps } from '../../src/process-group.js';

const MARK = 'MOBKIT_TEST_MARK';

/** A process may start and answer slowly on a machine that has much to do. */
const PATIENT = { startTimeoutMs: 50_000, callTimeoutMs: 50_000 };

/** Modules that are ended when the test is finished, and looked for in the process table then. */
export async function startModules(
  options: ModulesOptions & { readonly kill?: NonNullable<ProcessDeps['kill']> },
) {
  const mark = markProcesses();
  const events: ModuleEventEnvelope[] = [];
  const preSpawn = options.modules.map(({ id }) => {
    const given = options.preSpawn?.find(({ moduleId }) => moduleId === id)?.env ?? [];
    return { moduleId: id, env: [...given, [MARK, mark] as const] };
  });
  const configured = configureModules(options.modules, preSpawn);
  const wanted = options.discovery?.modules ?? options.modules.map(({ id }) => id);
  const host: ModuleHost = openModules({ ...PATIENT, ...options }, configured, wanted);
  onTestFinished(async () => {
    await host.shutdown({ deadlineMs: 500 });
  });
  const signal = new AbortController().signal;
  await host.start({ onEvent: (event) => events.push(event), signal });
  return {
    host,
    events,
    eventsOf: (type: string) => events.flatMap(({ event }) => (event.eventType === type ? [event] : [])),
    states: () => host.healthTransitions().map(({ to }) => to),
    pid: () => host.modules()[0]?.pid,
    call: (method: string, params = {}, timeoutMs?: number) =>
      host.call({
        moduleId: host.modules()[0]?.moduleId ?? '',
        method,
        params,
        ...(timeoutMs !== undefined && { timeoutMs }),
      }),
  };
}

/** A module that speaks lines, with faults. */
export function lines(id: string, ...faults: readonly string[]): ModuleConfig {
  const program = fileURLToPath(new URL('lines-fixture.mjs', import.meta.url));
  return { id, command: process.execPath, args: [program, id, ...faults], restartPolicy: 'on_failure' };
}

/** A module that speaks MCP; `mcpEnv` makes it one. */
export function mcp(id: string): ModuleConfig {
  const program = fileURLToPath(new URL('mcp-fixture.mjs', import.meta.url));
  return { id, command: process.execPath, args: [program, '--module', id], restartPolicy: 'on_failure' };
}

export function mcpEnv(moduleId: string, env: Readonly<Record<string, string>> = {}) {
  return { moduleId, env: [['MOBKIT_MODULE_BOUNDARY', 'mcp'] as const, ...Object.entries(env)] };
}

/** A module that a shell plays. */
export function shell(id: string, script: string): ModuleConfig {
  return { id, command: 'sh', args: ['-c', script], restartPolicy: 'on_failure' };
}

/** A script that fails until its `readyAt`th start, counted in `file`. */
export function readyAt(id: string, file: string, attempt: number): string {
  const ready = readyLine(id).replace('"payload":{}', '"payload":{"attempt":\'"$n"\'}');
  return `n=$(($(cat ${file} 2>/dev/null || echo 0) + 1)); echo $n > ${file}; [ $n -lt ${attempt} ] && exit 1; echo '${ready}'; exec sleep 30`;
}

export function readyLine(id: string): string {
  const event = { kind: 'module', module: id, event_type: 'ready', payload: {} };
  return JSON.stringify({ event_id: `evt-${id}-ready`, source: 'module', timestamp_ms: 42, event });
}

export function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'modules-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'file');
}

/** A value of an environment variable by which processes are found again: when the test is finished there are none. */
export function markProcesses(): string {
  const mark = `${MARK}-${crypto.randomUUID()}`;
  // Hooks run in reverse: this one after the modules are ended.
  onTestFinished(() => expect.poll(() => processesWith(mark)).toEqual([]));
  return mark;
}

/** The ids of the processes that inherited it, zombies excepted: they have no environment. */
export function processesWith(mark: string): readonly number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
