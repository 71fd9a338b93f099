import type { Incarnation } from './incarnation.js';

/** `completed`, `failed` and `canceled` are final. */
export type FlowRunStatus = 'pending' | 'running' | 'completed' | 'failed' | 'canceled';

/** How far a step of a run has come; the last four are final. */
export type FlowStepStatus = 'dispatched' | 'completed' | 'failed' | 'skipped' | 'canceled';

/** A run of a flow, as it is kept. A copy that does not change. */
export interface FlowRun {
  readonly runId: string;
  readonly mobId: string;
  readonly flowId: string;
  readonly status: FlowRunStatus;
  readonly params: unknown;
  /** Unix time in whole milliseconds, as all times here. */
  readonly createdAtMs: number;
  readonly completedAtMs?: number;
  /** Why it failed. */
  readonly reason?: string;
  /** What steps did, oldest first: a row for every attempt of every member, and one for the step itself. */
  readonly steps: readonly FlowStepRow[];
  readonly failures: readonly {
    readonly stepId: string;
    readonly reason: string;
    readonly timestampMs: number;
  }[];
  /** What steps outside of loops came to, by step id. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What steps of loops came to: by loop id, a list of iterations, by step id. */
  readonly loopOutputs: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** What a step came to, or one attempt of one of its targets. */
export interface FlowStepRow {
  readonly stepId: string;
  /** Absent on the row of the step itself. */
  readonly target?: Incarnation;
  readonly status: FlowStepStatus;
  readonly output?: unknown;
  readonly reason?: string;
  readonly timestampMs: number;
}
