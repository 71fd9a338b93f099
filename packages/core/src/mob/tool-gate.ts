import type { RiskTier } from './risk-tier.js';

/** Decides about calls of tools that a profile lists under `tools.gated`, before they run. */
export interface ToolGate {
  /**
   * Resolves when it is decided whether the call may run, however long that takes. A call is known by its key: asked for
   * again, also by another process, it is the same question, and what was decided about it meanwhile counts. So nobody is
   * asked twice, and a verdict stays until `settle`, or for a week at least when that never comes.
   *
   * @throws the reason of `signal` when that is aborted: the question stays. MobError `MOB_SHUTTING_DOWN` when the gate
   * stops, and what its storage throws; whoever may not ask may not run.
   */
  admitCall(call: GatedCall, options: { readonly signal: AbortSignal }): Promise<ToolVerdict>;

  /**
   * The call needs no verdict any more: it runs now, or never will. What still waits for somebody is taken back. Does
   * nothing for a key that it does not know.
   *
   * @throws what its storage throws.
   */
  settle(callKey: string): Promise<void>;
}

/** A call that an agent wants to make. */
export interface GatedCall {
  /** Names this call among all there ever are; at most 400 characters. */
  readonly callKey: string;
  readonly mobId: string;
  /** Of the member that makes it. */
  readonly identity: string;
  readonly interactionId?: string;
  readonly tool: string;
  /** As the model sent them. */
  readonly args: unknown;
  readonly tier: RiskTier;
}

/** Whether a tool may be called. */
export type ToolVerdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** What the model reads. */
      readonly reason: string;
    };
