import type { FlowStep, Incarnation, MobEventKind } from '@mobkit/core/mob';

import type { MobContext } from '../engine/mob-context.js';
import type { RunJournal } from './run-journal.js';
import { LARGEST_RUN, type Row, type RunState } from './run-state.js';
import type { LoopPlace } from './schedule.js';
import { RunFault, StepCut } from './step-failure.js';

/** A `structured_output` in the ledger is no longer than this, in characters of JSON; the run itself has all of it. */
const LARGEST_EVENT_OUTPUT = 262_144;

const LONGEST_REASON = 2_000;

/** Tells what happens in a run: each thing to the ledger, to the run that is kept, and to what templates see, in one step. */
export class RunHistory {
  readonly #context: MobContext;
  readonly #state: RunState;
  readonly #journal: RunJournal;

  constructor(context: MobContext, state: RunState, journal: RunJournal) {
    this.#context = context;
    this.#state = state;
    this.#journal = journal;
  }

  started(): Promise<void> {
    this.#state.start();
    const { flowId: flow_id, params = null } = this.#state;
    return this.#tell({ type: 'flow_started', ...this.#run, flow_id, params });
  }

  /** @throws RunFault when the run has no room for more. */
  async dispatched(stepId: string, target: Incarnation): Promise<Row> {
    const row = this.#row(stepId, 'dispatched', target);
    await this.#tell({ type: 'step_dispatched', ...this.#run, step_id: stepId, target });
    return row;
  }

  /** @throws RunFault when the run has no room for the answer. */
  async targetCompleted(row: Row, target: Incarnation, output: unknown, size: number): Promise<void> {
    // Twice: in its row, and in what the step comes to.
    if (!this.#state.takeOutput(2 * size)) throw tooLarge();
    row.output = output;
    this.#change(row, 'completed');
    await this.#tell({ type: 'step_target_completed', ...this.#run, step_id: row.stepId, target });
  }

  async targetFailed(row: Row, target: Incarnation, why: string, errorClass?: string): Promise<void> {
    const reason = cut(why);
    this.#change(row, 'failed', reason);
    await this.#tell({
      type: 'step_target_failed',
      ...this.#run,
      step_id: row.stepId,
      target,
      reason,
      ...(errorClass !== undefined && { error_report: { error_class: errorClass } }),
    });
  }

  /** Nobody waits for that attempt any more; kept with whatever is told next. */
  targetCanceled(row: Row, reason: string): void {
    this.#change(row, 'canceled', reason);
  }

  async completed(stepId: string, step: FlowStep, value: unknown, loop?: LoopPlace): Promise<void> {
    this.#row(stepId, 'completed');
    this.#state.came(stepId, step, value, loop);
    await this.#tell({ type: 'step_completed', ...this.#run, step_id: stepId });
  }

  async failed(stepId: string, why: string): Promise<void> {
    const reason = cut(why);
    this.#state.fail(stepId, reason, this.#context.clock.now());
    this.#close(stepId, 'failed', reason);
    await this.#tell({ type: 'step_failed', ...this.#run, step_id: stepId, reason });
  }

  async skipped(stepId: string, reason: string): Promise<void> {
    this.#close(stepId, 'skipped', reason);
    await this.#tell({ type: 'step_skipped', ...this.#run, step_id: stepId, reason });
  }

  canceled(stepId: string): void {
    this.#close(stepId, 'canceled');
  }

  loopBegins(loopId: string): void {
    this.#state.loopBegins(loopId);
  }

  /** No kind of the ledger tells of loops; kept with whatever is told next. */
  loopFailed(loopId: string, reason: string): void {
    this.#state.fail(loopId, reason, this.#context.clock.now());
  }

  /** Why something failed that was tolerated. */
  noted(stepId: string, reason: string): void {
    this.#state.fail(stepId, cut(reason), this.#context.clock.now());
  }

  async violated(fromRole: string, toRole: string): Promise<void> {
    await this.#tell({ type: 'topology_violation', from_role: fromRole, to_role: toRole });
  }

  async escalated(stepId: string, identity: string): Promise<void> {
    await this.#tell({
      type: 'supervisor_escalation',
      ...this.#run,
      step_id: stepId,
      escalated_to: identity,
    });
  }

  /** Ends the run, once: whatever comes second finds it ended. */
  async ended(outcome: RunOutcome): Promise<void> {
    const reason = outcome.status === 'failed' ? cut(outcome.reason) : undefined;
    if (!this.#state.end(outcome.status, this.#context.clock.now(), reason)) return;
    await this.#journal.tell(this.#endKind(outcome.status, reason));
  }

  #endKind(status: RunOutcome['status'], reason = ''): MobEventKind {
    const run = { ...this.#run, flow_id: this.#state.flowId };
    if (status === 'canceled') return { type: 'flow_canceled', ...run };
    if (status === 'failed') return { type: 'flow_failed', ...run, reason };
    const { outputs } = this.#state;
    const shown = Object.keys(outputs).length > 0 && JSON.stringify(outputs).length <= LARGEST_EVENT_OUTPUT;
    return {
      type: 'flow_completed',
      ...run,
      ...(shown && { structured_output: { steps: structuredClone(outputs) } }),
    };
  }

  get #run() {
    return { run_id: this.#state.runId };
  }

  #row(stepId: string, status: Row['status'], target?: Incarnation): Row {
    const row = this.#state.row(stepId, status, this.#context.clock.now(), target);
    if (!row) throw tooLarge();
    return row;
  }

  #close(stepId: string, status: Row['status'], reason?: string): void {
    const row = this.#state.row(stepId, status, this.#context.clock.now());
    if (row && reason !== undefined) row.reason = cut(reason);
    this.#state.cameToNothing(stepId);
  }

  #change(row: Row, status: Row['status'], reason?: string): void {
    row.status = status;
    row.timestampMs = this.#context.clock.now();
    if (reason !== undefined) row.reason = reason;
  }

  /** @throws StepCut when the run has ended: nothing comes after its end. */
  async #tell(kind: MobEventKind): Promise<void> {
    if (this.#state.final) throw new StepCut();
    await this.#journal.tell(kind);
  }
}

export type RunOutcome =
  | { readonly status: 'completed' | 'canceled' }
  | { readonly status: 'failed'; readonly reason: string };

function tooLarge(): RunFault {
  return new RunFault(`the run has no room for more: ${LARGEST_RUN} characters are kept of one`);
}

function cut(reason: string): string {
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
}
