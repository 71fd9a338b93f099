import type {
  FlowRun,
  FlowRunStatus,
  FlowStep,
  FlowStepRow,
  FlowStepStatus,
  Incarnation,
} from '@mobkit/core/mob';

import type { FlowValues, StepValue } from './flow-values.js';
import type { LoopPlace } from './schedule.js';

/** What a run keeps of answers, reasons and rows, in characters of JSON. */
export const LARGEST_RUN = 2_097_152;

/** What the run itself needs: its params and the row of its end are counted apart. */
const ROW_SIZE = 200;

/** A row of the history, while what it tells of goes on. */
export interface Row {
  readonly stepId: string;
  readonly target?: Incarnation;
  status: FlowStepStatus;
  output?: unknown;
  reason?: string;
  timestampMs: number;
}

/** A run in memory: what is kept of it, and what its templates and conditions see. */
export class RunState implements FlowValues {
  readonly steps = new Map<string, StepValue>();
  readonly loops = new Map<string, Map<string, StepValue>[]>();
  readonly #begun: Pick<FlowRun, 'runId' | 'mobId' | 'flowId' | 'params' | 'createdAtMs'>;
  readonly #rows: Row[] = [];
  readonly #failures: { stepId: string; reason: string; timestampMs: number }[] = [];
  readonly #outputs: Record<string, unknown> = {};
  #status: FlowRunStatus = 'pending';
  #completedAtMs: number | undefined;
  #reason: string | undefined;
  #size = 0;

  constructor(begun: Pick<FlowRun, 'runId' | 'mobId' | 'flowId' | 'params' | 'createdAtMs'>) {
    this.#begun = begun;
  }

  get runId(): string {
    return this.#begun.runId;
  }

  get flowId(): string {
    return this.#begun.flowId;
  }

  get params(): unknown {
    return this.#begun.params;
  }

  get status(): FlowRunStatus {
    return this.#status;
  }

  /** What steps outside of loops came to. */
  get outputs(): Readonly<Record<string, unknown>> {
    return this.#outputs;
  }

  start(): void {
    this.#status = 'running';
  }

  get final(): boolean {
    return this.#completedAtMs !== undefined;
  }

  /** Whether it became final by this; it does once. */
  end(status: 'completed' | 'failed' | 'canceled', timestampMs: number, reason?: string): boolean {
    if (this.final) return false;
    this.#status = status;
    this.#completedAtMs = timestampMs;
    this.#reason = reason;
    return true;
  }

  /** Adds a row; undefined when there is no room for it. */
  row(stepId: string, status: FlowStepStatus, timestampMs: number, target?: Incarnation): Row | undefined {
    if (!this.#take(ROW_SIZE + stepId.length + (target?.identity.length ?? 0))) return undefined;
    const row: Row = { stepId, status, timestampMs, ...(target && { target }) };
    this.#rows.push(row);
    return row;
  }

  /** Whether an output of so many characters still has a place, which it takes then. */
  takeOutput(length: number): boolean {
    return this.#take(length);
  }

  fail(stepId: string, reason: string, timestampMs: number): void {
    this.#take(ROW_SIZE + reason.length);
    this.#failures.push({ stepId, reason, timestampMs });
  }

  /** What a step came to is what its name means from now on. */
  came(stepId: string, step: FlowStep, value: unknown, loop?: LoopPlace): void {
    const came = stepValue(step, value);
    this.steps.set(stepId, came);
    if (!loop) {
      this.#outputs[stepId] = value;
      return;
    }
    const iterations = this.loops.get(loop.loopId) ?? [];
    this.loops.set(loop.loopId, iterations);
    for (let at = iterations.length; at <= loop.iteration; at += 1) iterations.push(new Map());
    iterations[loop.iteration]?.set(stepId, came);
  }

  /** A step came to nothing: what it came to in an iteration before is not meant any more. */
  cameToNothing(stepId: string): void {
    this.steps.delete(stepId);
  }

  loopBegins(loopId: string): void {
    this.loops.set(loopId, []);
  }

  /** A view: what changes later changes in it too. */
  toRun(): FlowRun {
    const iterations = [...this.loops].map(([id, each]) => [
      id,
      each.map((steps) => Object.fromEntries([...steps].map(([step, { value }]) => [step, value]))),
    ]);
    return {
      ...this.#begun,
      status: this.#status,
      ...(this.#completedAtMs !== undefined && { completedAtMs: this.#completedAtMs }),
      ...(this.#reason !== undefined && { reason: this.#reason }),
      steps: this.#rows satisfies readonly FlowStepRow[],
      failures: this.#failures,
      outputs: this.#outputs,
      loopOutputs: Object.fromEntries(iterations) as FlowRun['loopOutputs'],
    };
  }

  #take(length: number): boolean {
    this.#size += length;
    return this.#size <= LARGEST_RUN;
  }
}

function stepValue({ dispatch_mode: mode, collection_policy: policy }: FlowStep, value: unknown): StepValue {
  if (mode === 'fan_in') {
    const [only, ...more] = value as readonly { readonly output: unknown }[];
    return { value, ...(only && more.length === 0 && { single: { value: only.output } }) };
  }
  if (policy?.type === 'any') return { value, single: { value } };
  const answers = Object.values(value as Readonly<Record<string, unknown>>);
  return { value, ...(answers.length === 1 && { single: { value: answers[0] } }) };
}
