import { type Clock, errorText } from '@mobkit/core';
import type {
  AgentEventPayload,
  AgentHook,
  HookDecision,
  HookPoint,
  Incarnation,
  ToolContext,
} from '@mobkit/core/mob';

const TIMEOUT_MS = 5_000;
const NEVER = new AbortController().signal;
/** Of the payload of one call, as JSON in UTF-8; a hook that would be given more fails. */
const PAYLOAD_LIMIT = 128 * 1024;

export interface HookRunnerDeps {
  /** Of the host, in the order they were given. */
  readonly hooks: readonly AgentHook[];
  readonly source: Incarnation;
  readonly context: ToolContext;
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
}

/** Why a guardrail keeps something from happening. */
export interface Denial {
  readonly cause: 'hook_denied' | 'hook_failure';
  readonly message: string;
}

/** Calls the hooks of the host in one run. */
export class HookRunner {
  readonly #deps: HookRunnerDeps;
  readonly #byPoint: ReadonlyMap<HookPoint, readonly AgentHook[]>;

  constructor(deps: HookRunnerDeps) {
    this.#deps = deps;
    const sorted = deps.hooks.toSorted((one, other) => (one.priority ?? 0) - (other.priority ?? 0));
    this.#byPoint = groupByPoint(sorted);
  }

  /**
   * Calls everybody at a point: observers without waiting, guardrails one after the other until one denies. Answers why what is
   * about to happen must not; undefined when it may.
   */
  async run(point: HookPoint, payload: () => unknown): Promise<Denial | undefined> {
    const hooks = this.#byPoint.get(point);
    if (!hooks) return undefined;
    const given = payload();
    const tooLong = Buffer.byteLength(JSON.stringify(given) ?? '') > PAYLOAD_LIMIT;
    for (const hook of hooks) {
      const call = this.#call(hook, point, given, tooLong);
      if (hook.capability === 'observe') continue;
      const denial = await call;
      if (denial) return denial;
    }
    return undefined;
  }

  async #call(
    hook: AgentHook,
    point: HookPoint,
    payload: unknown,
    tooLong: boolean,
  ): Promise<Denial | undefined> {
    const { clock, emit } = this.#deps;
    const about = { hook_id: hook.id, point };
    const startedMs = clock.now();
    emit({ type: 'hook_started', ...about });
    let decision: HookDecision | void;
    try {
      if (tooLong) throw new Error(`What it is about is longer than ${PAYLOAD_LIMIT} bytes`);
      decision = await this.#inTime(hook, point, payload);
    } catch (error) {
      const message = errorText(error);
      emit({ type: 'hook_failed', ...about, error: message });
      return { cause: 'hook_failure', message: `The hook "${hook.id}" failed: ${message}` };
    }
    if (decision?.decision === 'deny' && hook.capability === 'guardrail') {
      const { reasonCode, message } = decision;
      emit({ type: 'hook_denied', ...about, reason_code: reasonCode, message });
      return { cause: 'hook_denied', message: `${reasonCode}: ${message}` };
    }
    emit({ type: 'hook_completed', ...about, duration_ms: Math.max(clock.now() - startedMs, 0) });
    return undefined;
  }

  async #inTime(hook: AgentHook, point: HookPoint, payload: unknown): Promise<HookDecision | void> {
    const { source, context, clock } = this.#deps;
    const { mobId, sessionId, interactionId } = context;
    // A run that was aborted has failed too, and somebody may want to know.
    const signal = point === 'run_failed' ? NEVER : context.signal;
    const own = new AbortController();
    const stop = () => own.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
    const call = { point, mobId, source, sessionId, payload, signal: own.signal };
    const running = hook.run({ ...call, ...(interactionId !== undefined && { interactionId }) });
    const { timeoutMs = TIMEOUT_MS } = hook;
    let cancelTimer = () => {};
    const late = new Promise<never>((_, reject) => {
      cancelTimer = clock.after(timeoutMs, () => {
        const error = new Error(`It took longer than ${timeoutMs} ms`);
        reject(error);
        own.abort(error);
      });
      own.signal.addEventListener('abort', () => reject(own.signal.reason as Error), { once: true });
      if (own.signal.aborted) reject(own.signal.reason as Error);
    });
    try {
      return await Promise.race([running, late]);
    } finally {
      cancelTimer();
      signal.removeEventListener('abort', stop);
    }
  }
}

function groupByPoint(hooks: readonly AgentHook[]): ReadonlyMap<HookPoint, readonly AgentHook[]> {
  const byPoint = new Map<HookPoint, AgentHook[]>();
  for (const hook of hooks) {
    for (const point of hook.points) byPoint.set(point, [...(byPoint.get(point) ?? []), hook]);
  }
  return byPoint;
}
