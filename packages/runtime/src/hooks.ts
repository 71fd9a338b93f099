import { type Clock, type ErrorHook, errorText, type Labels, MobError } from '@mobkit/core';

import { answered } from './answered.js';
import type { ShapeReport } from './shape/shape-report.js';

/**
 * Places where the host can act. Each is waited for, at most for `hookTimeoutMs`; what changes the shape waits for the hook in turn, so
 * none may wait for a reconcile that it asks for.
 */
export interface RuntimeHooks {
  /**
   * Called once, when the mob stands and before discovery: prepares what agents will find. When it throws or does not answer
   * in time the runtime does not start.
   */
  readonly preSpawn?: (context: PreSpawnContext) => void | Promise<void>;
  /**
   * Called with the identities of members that were spawned, in the order they were asked for, never with none. When it fails
   * the members stay, and the error hook is told (`hook_failure`).
   */
  readonly postSpawn?: (identities: readonly string[], context: HookContext) => void | Promise<void>;
  /** Called once at the end of every reconcile, with its report. When it fails, the error hook is told (`hook_failure`). */
  readonly postReconcile?: (report: ShapeReport, context: HookContext) => void | Promise<void>;
}

/** What every hook of a runtime is told. */
export interface HookContext {
  readonly mobId: string;
  /** Aborted when nobody waits for the hook any more. */
  readonly signal: AbortSignal;
}

/** What a hook is told before the members of a mob are spawned. */
export interface PreSpawnContext extends HookContext {
  /** The labels of the mob. */
  readonly labels: Labels;
  /** False when the mob was created by this start. */
  readonly resumed: boolean;
}

export interface HookRunnerDeps {
  readonly hooks: RuntimeHooks;
  readonly mobId: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly onError: ErrorHook;
}

/** Calls the hooks of the host, so that one that hangs holds nothing up for ever. */
export class HookRunner {
  readonly #deps: HookRunnerDeps;

  constructor(deps: HookRunnerDeps) {
    this.#deps = deps;
  }

  /** @throws MobError `MOB_HOOK_FAILED` (`details.hook`); the reason of `signal`. */
  async preSpawn(about: Pick<PreSpawnContext, 'labels' | 'resumed'>, signal?: AbortSignal): Promise<void> {
    const { hooks, mobId, clock, timeoutMs } = this.#deps;
    const { preSpawn } = hooks;
    if (!preSpawn) return;
    try {
      await answered((given) => preSpawn({ ...about, mobId, signal: given }), { clock, timeoutMs, signal });
    } catch (cause) {
      signal?.throwIfAborted();
      const details = { hook: 'preSpawn' };
      throw new MobError('MOB_HOOK_FAILED', `pre-spawn hook failed: ${errorText(cause)}`, { cause, details });
    }
  }

  /** Never rejects. */
  async postSpawn(identities: readonly string[]): Promise<void> {
    const { postSpawn } = this.#deps.hooks;
    if (!postSpawn || identities.length === 0) return;
    await this.#after('postSpawn', (context) => postSpawn(identities, context));
  }

  /** Never rejects. */
  async postReconcile(report: ShapeReport): Promise<void> {
    const { postReconcile } = this.#deps.hooks;
    if (postReconcile) await this.#after('postReconcile', (context) => postReconcile(report, context));
  }

  /** What a hook is called about has happened: its failure changes nothing of it. */
  async #after(hook: string, call: (context: HookContext) => void | Promise<void>): Promise<void> {
    const { mobId, clock, timeoutMs, onError } = this.#deps;
    try {
      await answered((signal) => call({ mobId, signal }), { clock, timeoutMs });
    } catch (error) {
      onError({ category: 'hook_failure', hook, error: errorText(error) });
    }
  }
}
