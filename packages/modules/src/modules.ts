import { type Clock, type JsonValue, MobError } from '@mobkit/core';
import type {
  ModuleCall,
  ModuleEventListener,
  ModuleHealthTransition,
  ModuleHost,
  ModuleShutdown,
  ModuleStartOptions,
  ModuleStatus,
} from '@mobkit/core/ops';

import { deadlineIn } from './deadline.js';
import type { ConfiguredModule } from './module-config.js';
import { notConfigured } from './module-errors.js';
import { openSession } from './open-session.js';
import type { RestartLimits } from './restart-budget.js';
import type { SessionDeps } from './session.js';
import { SupervisedModule } from './supervised-module.js';

const MOST_TRANSITIONS = 1024;
/** Those that other parts of a runtime are replaced by: they are asked for tools. */
const CORE_MODULES: readonly string[] = ['router', 'delivery', 'memory', 'scheduling'];

export interface ModulesDeps {
  readonly configured: ReadonlyMap<string, ConfiguredModule>;
  readonly wanted: readonly string[];
  readonly limitsOf: (module: ConfiguredModule) => RestartLimits;
  readonly startTimeoutMs: number;
  readonly callTimeoutMs: number;
  readonly graceMs: number;
  readonly clock: Clock;
  readonly sessionOptions: Pick<SessionDeps, 'kill' | 'pingIntervalMs'>;
}

/** The modules of one host, each supervised by itself. */
export class Modules implements ModuleHost {
  readonly #deps: ModulesDeps;
  readonly #modules = new Map<string, SupervisedModule>();
  /** One thing at a time is done with each. */
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #closing = new AbortController();
  #transitions: ModuleHealthTransition[] = [];
  #listener: ModuleEventListener = () => {};
  #shutdown: Promise<ModuleShutdown> | undefined;

  constructor(deps: ModulesDeps) {
    this.#deps = deps;
    for (const config of deps.configured.values()) {
      const { startTimeoutMs, graceMs, clock, sessionOptions, limitsOf } = deps;
      const module = new SupervisedModule({
        config,
        limits: limitsOf(config),
        startTimeoutMs,
        graceMs,
        clock,
        sessionOptions,
        openSession: (session) => openSession(config.boundary, session),
        tell: (event) => this.#listener(event),
        onTransition: (transition) => this.#onTransition(transition),
      });
      this.#modules.set(config.id, module);
    }
  }

  async start({ onEvent, signal }: ModuleStartOptions): Promise<void> {
    this.#listener = onEvent;
    const wanted = [...new Set(this.#deps.wanted)];
    this.#expectConfigured(wanted);
    const unwanted = AbortSignal.any([signal, this.#closing.signal]);
    for (const id of wanted) {
      // What failed has been told.
      if (!unwanted.aborted) await this.#start(id, unwanted).catch(() => {});
    }
  }

  loaded(): readonly string[] {
    return [...this.#modules].flatMap(([id, { loaded }]) => (loaded ? [id] : [])).toSorted();
  }

  isRunning(moduleId: string): boolean {
    return this.#modules.get(moduleId)?.isUp ?? false;
  }

  healthTransitions(): readonly ModuleHealthTransition[] {
    return this.#transitions.slice(-MOST_TRANSITIONS);
  }

  modules(): readonly ModuleStatus[] {
    const ids = [...this.#modules.keys()].toSorted();
    return ids.map((id) => this.#module(id).status);
  }

  boundaryOf(moduleId: string) {
    return this.#deps.configured.get(moduleId)?.boundary;
  }

  tools(moduleId: string): readonly string[] {
    return this.#modules.get(moduleId)?.tools() ?? [];
  }

  async call(call: ModuleCall): Promise<JsonValue> {
    const { moduleId, method, params = {}, timeoutMs = this.#deps.callTimeoutMs, signal } = call;
    signal?.throwIfAborted();
    if (!(Number.isSafeInteger(timeoutMs) && timeoutMs > 0)) {
      throw new TypeError(`timeoutMs is not a whole number of milliseconds from 1: ${timeoutMs}`);
    }
    const module = this.#modules.get(moduleId);
    const details = { module: moduleId };
    if (!module?.loaded) {
      throw new MobError('MOB_MODULE_NOT_LOADED', `Module '${moduleId}' not loaded`, { details });
    }
    if (CORE_MODULES.includes(moduleId) && this.boundaryOf(moduleId) !== 'mcp') {
      throw new MobError('MOB_MODULE_MCP_REQUIRED', `Module '${moduleId}' must speak MCP for ${method}`, {
        details: { ...details, flow: method },
      });
    }
    const deadline = deadlineIn(this.#deps.clock, timeoutMs, signal);
    try {
      return await module.ask(method, params, deadline);
    } finally {
      deadline.clear();
    }
  }

  async spawn(moduleId: string): Promise<void> {
    this.#expectConfigured([moduleId]);
    await this.#start(moduleId, this.#closing.signal);
  }

  async reconcile(moduleIds: readonly string[]): Promise<number> {
    this.#expectConfigured(moduleIds);
    let started = 0;
    for (const id of new Set(moduleIds)) {
      const isNew = await this.#one(id, async () => {
        if (this.#module(id).loaded) return false;
        await this.#module(id).start(this.#closing.signal);
        return true;
      });
      if (isNew) started += 1;
    }
    return started;
  }

  shutdown({ deadlineMs }: { readonly deadlineMs: number }): Promise<ModuleShutdown> {
    return (this.#shutdown ??= this.#endAll(deadlineMs));
  }

  async #endAll(deadlineMs: number): Promise<ModuleShutdown> {
    const terminatedModules = this.loaded();
    this.#closing.abort(new MobError('MOB_SHUTTING_DOWN', 'The modules are shutting down'));
    const graceMs = Math.min(deadlineMs, this.#deps.graceMs);
    const modules = [...this.#modules.values()];
    await Promise.all(modules.map((module) => module.end(graceMs)));
    // What was about to start has begun to end by itself.
    await Promise.all(this.#queues.values());
    return { terminatedModules, orphanProcesses: modules.filter(({ hasProcess }) => hasProcess).length };
  }

  #start(id: string, signal: AbortSignal): Promise<void> {
    return this.#one(id, () => this.#module(id).start(signal));
  }

  #one<T>(id: string, act: () => Promise<T>): Promise<T> {
    const acted = (this.#queues.get(id) ?? Promise.resolve()).then(() => {
      this.#closing.signal.throwIfAborted();
      return act();
    });
    this.#queues.set(
      id,
      acted.catch(() => {}),
    );
    return acted;
  }

  #module(id: string): SupervisedModule {
    const module = this.#modules.get(id);
    if (!module) throw notConfigured(id);
    return module;
  }

  #expectConfigured(ids: readonly string[]): void {
    for (const id of ids) this.#module(id);
  }

  #onTransition(transition: ModuleHealthTransition): void {
    this.#transitions.push(transition);
    // Not at each: a module that crashes for a year is cut now and then.
    if (this.#transitions.length >= 2 * MOST_TRANSITIONS) {
      this.#transitions = this.#transitions.slice(-MOST_TRANSITIONS);
    }
  }
}
