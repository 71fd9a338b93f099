import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { MobError } from '@mobkit/core';
import type { ModuleCall, ModuleEventListener, ModuleHost, ModuleStartOptions } from '@mobkit/core/ops';

/** Modules that are real processes and do nothing but answer what they were asked: they live until they are told to end. */
export class ChildModules implements ModuleHost {
  readonly calls: string[] = [];
  /** A module whose start is refused, after those before it have started. */
  refused: string | undefined;
  readonly #wanted: readonly string[];
  readonly #children = new Map<string, ChildProcess>();
  #tell: ModuleEventListener = () => {};
  #events = 0;

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted;
  }

  /** The process ids of those that run. */
  get pids(): readonly number[] {
    return [...this.#children.values()].flatMap(({ pid }) => pid ?? []);
  }

  async start({ onEvent }: ModuleStartOptions): Promise<void> {
    this.calls.push('start');
    this.#tell = onEvent;
    await this.reconcile(this.#wanted);
  }

  loaded = () => [...this.#children.keys()].toSorted();
  boundaryOf = (moduleId: string) => (this.#isKnown(moduleId) ? ('mcp' as const) : undefined);
  tools = () => [];
  isRunning = (moduleId: string) => this.#children.get(moduleId)?.exitCode === null;
  healthTransitions = () =>
    this.loaded().map((moduleId) => ({ moduleId, to: 'Healthy', attempt: 1 }) as const);

  modules() {
    const loaded = this.loaded();
    return [...this.#wanted].toSorted().map((moduleId) => ({
      moduleId,
      boundary: 'mcp' as const,
      loaded: loaded.includes(moduleId),
      restarts: 0,
      stderrTail: [],
    }));
  }

  async call({ moduleId, params = {} }: ModuleCall) {
    if (this.isRunning(moduleId)) return params;
    const details = { module: moduleId };
    throw new MobError('MOB_MODULE_NOT_LOADED', `Module '${moduleId}' not loaded`, { details });
  }

  async spawn(moduleId: string): Promise<void> {
    const child = this.#children.get(moduleId);
    if (child) await end(child);
    this.#children.delete(moduleId);
    await this.reconcile([moduleId]);
  }

  async reconcile(moduleIds: readonly string[]): Promise<number> {
    const missing = moduleIds.filter((id) => !this.#children.has(id));
    for (const id of missing) {
      if (id === this.refused) {
        throw new MobError('MOB_CONFIG_INVALID', `There is no module "${id}"`, { details: { module: id } });
      }
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
      await once(child, 'spawn');
      this.#children.set(id, child);
      this.act(id, 'module.ready', {});
    }
    return missing.length;
  }

  /** Lets a module say something. */
  act(module: string, eventType: string, payload: unknown): void {
    this.#events += 1;
    const event = { kind: 'module', module, eventType, payload } as const;
    this.#tell({ eventId: `evt-${module}-${this.#events}`, timestampMs: this.#events, event });
  }

  async shutdown({ deadlineMs }: { readonly deadlineMs: number }) {
    this.calls.push(`shutdown ${deadlineMs}`);
    const terminatedModules = this.loaded();
    for (const child of this.#children.values()) await end(child);
    this.#children.clear();
    return { terminatedModules, orphanProcesses: 0 };
  }

  #isKnown(moduleId: string): boolean {
    return this.#wanted.includes(moduleId) || this.#children.has(moduleId);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
