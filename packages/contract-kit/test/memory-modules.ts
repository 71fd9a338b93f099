import { delay, type JsonValue, MobError, systemClock } from '@mobkit/core';
import type {
  ModuleCall,
  ModuleEventListener,
  ModuleHealthState,
  ModuleHealthTransition,
  ModuleHost,
  ModuleStartOptions,
} from '@mobkit/core/ops';

const KNOWN = ['alpha', 'bad', 'zulu'];

/** Modules that are no processes: sound, to be broken. */
export class MemoryModules {
  readonly #wanted: readonly string[];
  readonly #loaded = new Map<string, AbortController>();
  readonly #states = new Map<string, ModuleHealthState>();
  readonly #transitions: ModuleHealthTransition[] = [];
  #tell: ModuleEventListener = () => {};
  #events = 0;
  #report: { readonly terminatedModules: readonly string[]; readonly orphanProcesses: number } | undefined;

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted;
  }

  /** It, as a host whose parts can be replaced. */
  sound(): ModuleHost {
    return {
      start: (options) => this.start(options),
      loaded: () => this.loaded(),
      isRunning: (id) => this.#loaded.has(id),
      healthTransitions: () => this.healthTransitions(),
      modules: () =>
        KNOWN.map((moduleId) => ({
          moduleId,
          boundary: 'lines' as const,
          loaded: this.#loaded.has(moduleId),
          restarts: 0,
          stderrTail: [],
        })),
      boundaryOf: (id) => (KNOWN.includes(id) ? 'lines' : undefined),
      tools: () => [],
      call: (call) => this.call(call),
      spawn: (id) => this.spawn(id),
      reconcile: (ids) => this.reconcile(ids),
      shutdown: () => this.shutdown(),
    };
  }

  async start({ onEvent }: ModuleStartOptions): Promise<void> {
    this.#tell = onEvent;
    this.#check(this.#wanted);
    for (const id of this.#wanted) await this.spawn(id).catch(() => {});
  }

  loaded(): readonly string[] {
    return [...this.#loaded.keys()].toSorted();
  }

  healthTransitions(): readonly ModuleHealthTransition[] {
    return this.#transitions;
  }

  async call({ moduleId, method, params = {}, timeoutMs = 200, signal }: ModuleCall): Promise<JsonValue> {
    const life = this.#loaded.get(moduleId);
    if (!life) {
      throw new MobError('MOB_MODULE_NOT_LOADED', 'not loaded', { details: { module: moduleId } });
    }
    if (method === 'echo') return params;
    const given = AbortSignal.any([life.signal, ...(signal ? [signal] : [])]);
    await delay(systemClock, timeoutMs, given);
    given.throwIfAborted();
    const operation = `call_tool:${method}`;
    throw new MobError('MOB_MODULE_TIMEOUT', 'no answer', {
      details: { module: moduleId, operation, timeoutMs },
    });
  }

  async spawn(id: string): Promise<void> {
    this.#check([id]);
    if (this.#report) throw new MobError('MOB_SHUTTING_DOWN', 'it is over');
    this.#end(id);
    this.#states.delete(id);
    this.#to(id, 'Starting');
    if (id !== 'bad') {
      this.#to(id, 'Healthy');
      this.#loaded.set(id, new AbortController());
      return this.#event(id, 'ready');
    }
    this.#to(id, 'Failed');
    this.#to(id, 'Stopped');
    this.#event(id, 'supervisor.warning');
    throw new MobError('MOB_PROCESS_FAILED', 'it does not start', { details: { module: id } });
  }

  async reconcile(ids: readonly string[]): Promise<number> {
    this.#check(ids);
    const missing = ids.filter((id) => !this.#loaded.has(id));
    for (const id of missing) await this.spawn(id);
    return missing.length;
  }

  async shutdown() {
    this.#report ??= { terminatedModules: this.loaded(), orphanProcesses: 0 };
    for (const id of this.loaded()) this.#end(id);
    return this.#report;
  }

  #end(id: string): void {
    const details = { module: id, reason: 'closed' };
    this.#loaded.get(id)?.abort(new MobError('MOB_MODULE_CALL_FAILED', 'it ended', { details }));
    this.#loaded.delete(id);
  }

  #check(ids: readonly string[]): void {
    const unknown = ids.find((id) => !KNOWN.includes(id));
    if (unknown === undefined) return;
    throw new MobError('MOB_CONFIG_INVALID', 'unknown', { details: { module: unknown } });
  }

  #to(moduleId: string, to: ModuleHealthState): void {
    const from = this.#states.get(moduleId);
    this.#states.set(moduleId, to);
    this.#transitions.push({ moduleId, ...(from && { from }), to, attempt: to === 'Starting' ? 0 : 1 });
  }

  #event(module: string, eventType: string): void {
    this.#events += 1;
    const event = { kind: 'module', module, eventType, payload: {} } as const;
    this.#tell({ eventId: `evt-${this.#events}`, timestampMs: 0, event });
  }
}
