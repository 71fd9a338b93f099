import type { FlowRun, FlowRunStatus } from './flow-run.js';

/** The flows of a mob. */
export interface MobFlows {
  /**
   * Starts a flow and answers the id of its run as soon as that is kept, before the first step. Runs go on side by side.
   * What comes of it is in the ledger and in `flowRun`; it fails by its own terminal event, never through this promise.
   *
   * @throws MobError `MOB_FLOW_NOT_FOUND`; `TypeError` for params that are not plain JSON, or more than 262,144 characters of it.
   */
  runFlow(flowId: string, params?: unknown, options?: RunFlowOptions): Promise<string>;

  /**
   * Cancels a run: turns under way are cancelled and get `cancel_grace_timeout_ms`, then nobody waits for them.
   * Resolves when the run is terminal.
   * A run that is unknown or over is left alone, silently.
   */
  cancelFlow(runId: string): Promise<void>;

  /** In every state of the mob. Undefined when there is no such run. */
  flowRun(runId: string): Promise<FlowRun | undefined>;

  /** Newest first, at most `limit` (100 when absent). In every state of the mob. */
  flowRuns(filter?: FlowRunFilter): Promise<readonly FlowRun[]>;

  /**
   * Resolves with the run when it is terminal; rejects with the reason of `signal` when that is aborted.
   *
   * @throws MobError `MOB_FLOW_NOT_FOUND` for a run there is none of; `MOB_STORE_UNAVAILABLE` when its end could not be kept
   * before the mob was shut down.
   */
  flowEnd(runId: string, signal?: AbortSignal): Promise<FlowRun>;
}

/** How a flow is begun. */
export interface RunFlowOptions {
  /** Spawns a turn-driven member for each role of the flow that has none that can work. @defaultValue false */
  readonly provision?: boolean;
}

/** Which runs are meant; absent: all. `limit` is at most how many, the newest first. */
export interface FlowRunFilter {
  readonly flowId?: string;
  readonly status?: FlowRunStatus;
  readonly limit?: number;
}
