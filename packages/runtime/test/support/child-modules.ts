import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { MobError } from '@mobkit/core';
import type { ModuleEventListener, ModuleHost, ModuleStartOptions } from '@mobkit/core/ops';

/** Modules that are real processes and do nothing: they live until they are told to end. */
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
  isRunning = (moduleId: string) => this.#children.get(moduleId)?.exitCode === null;
  healthTransitions = () =>
    this.loaded().map((moduleId) => ({ moduleId, to: 'Healthy', attempt: 1 }) as const);

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
    for (const child of this.#children.values()) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    this.#children.clear();
    return { terminatedModules, orphanProcesses: 0 };
  }
}
