import type { Incarnation } from './incarnation.js';

/** Where in a run a hook is called. */
export type HookPoint =
  | 'run_started'
  | 'pre_llm_request'
  | 'post_llm_response'
  | 'pre_tool_execution'
  | 'post_tool_execution'
  | 'turn_boundary'
  | 'run_completed'
  | 'run_failed';

/** Something of the host's that runs inside the runs of agents. */
export interface AgentHook {
  /** Unique. */
  readonly id: string;
  readonly points: readonly HookPoint[];
  /** Lower ones first. @defaultValue 0 */
  readonly priority?: number;
  /**
   * `guardrail`: the run waits for it and it may deny; one that throws or takes too long denies. `observe`: nobody waits for
   * it, and what it throws is told and changes nothing.
   */
  readonly capability: 'observe' | 'guardrail';
  /** For a guardrail, in milliseconds. @defaultValue 5000 */
  readonly timeoutMs?: number;
  run(call: HookCall): Promise<HookDecision | void>;
}

/** What a hook is asked about, at which point of which turn. */
export interface HookCall {
  readonly point: HookPoint;
  readonly mobId: string;
  readonly source: Incarnation;
  readonly sessionId: string;
  readonly interactionId?: string;
  /** What the point is about, plain data: the prompt, the answer, the tool call or its result. */
  readonly payload: unknown;
  readonly signal: AbortSignal;
}

/** What a hook answers. What is denied does not happen, and `message` is told to whoever wanted it. */
export type HookDecision =
  | { readonly decision: 'allow' }
  | { readonly decision: 'deny'; readonly reasonCode: string; readonly message: string };
