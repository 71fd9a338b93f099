import { delay, errorText } from '@mobkit/core';
import type { FlowDefinition, FlowStep, SupervisorPolicy } from '@mobkit/core/mob';

import type { MobContext } from '../engine/mob-context.js';
import type { Member } from '../members/member.js';
import { holds } from './condition.js';
import { escalate } from './escalate.js';
import type { OrphanShare } from './orphan-budget.js';
import { rootFrame } from './root-frame.js';
import { RunHistory, type RunOutcome } from './run-history.js';
import type { RunJournal } from './run-journal.js';
import type { RunState } from './run-state.js';
import { runStep, type StepDeps } from './run-step.js';
import { type Move, Schedule } from './schedule.js';
import { RunFault, StepCut } from './step-failure.js';

/** For turns under way when a run is cancelled, in milliseconds. */
const DEFAULT_GRACE_MS = 5_000;

export interface RunnerDeps {
  readonly context: MobContext;
  readonly flow: FlowDefinition;
  readonly state: RunState;
  readonly journal: RunJournal;
  readonly orphans: OrphanShare;
  readonly find: (identity: string) => Member | undefined;
  /** Members of a role that can work, sorted by identity. */
  readonly workers: (role: string) => readonly Member[];
  readonly retireAll: () => Promise<void>;
}

type StepMove = Extract<Move, { readonly type: 'step' }>;

/** Carries out one run of a flow. What it runs is the definition as it was when the run began. */
export class FlowRunner {
  readonly #deps: RunnerDeps;
  readonly #history: RunHistory;
  readonly #schedule: Schedule;
  readonly #ending = new AbortController();
  readonly #cut = new AbortController();
  /** Steps under way. */
  readonly #steps = new Set<Promise<void>>();
  /** Why steps and loops failed last. */
  readonly #reasons = new Map<string, string>();
  #failuresInRow = 0;
  /** Set as soon as the run is to end otherwise than by its steps. */
  #forced: RunOutcome | undefined;
  /** Told to begin nothing more. */
  #closed = false;
  #wake = () => {};

  constructor(deps: RunnerDeps) {
    const { context, state, journal, flow } = deps;
    this.#deps = deps;
    this.#history = new RunHistory(context, state, journal);
    const { limits } = context.definition;
    this.#schedule = new Schedule({
      root: rootFrame(flow),
      tolerates: (stepId) => stepOf(flow, stepId).failure_policy === 'continue',
      ...(limits && { limits }),
    });
  }

  /** Resolves when the run is over, with whether that is kept. Never rejects. */
  async run(): Promise<boolean> {
    const { clock, definition } = this.#deps.context;
    const { max_flow_duration_ms: longestMs = 0 } = definition.limits ?? {};
    const expire = () => this.#end({ status: 'failed', reason: 'max flow duration exceeded' });
    const stopTimer = longestMs > 0 ? clock.after(longestMs, expire) : () => {};
    try {
      await this.#history.started();
      await this.#carryOut();
      await this.#history.ended(this.#outcome);
      return true;
    } catch {
      // The journal has said why nothing can be kept: whoever opens the mob next ends the run.
      this.#cut.abort();
      return false;
    } finally {
      stopTimer();
    }
  }

  /** Begins nothing more, cancels what is under way, and ends as canceled. Does nothing when the run ends already. */
  cancel(): void {
    this.#end({ status: 'canceled' });
  }

  /** Begins nothing more; ends by its steps if those under way are the last, else for this reason. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forced ??= { status: 'failed', reason };
    this.#wake();
  }

  /** Waits for nothing any more. */
  cut(): void {
    this.#cut.abort();
  }

  get #outcome(): RunOutcome {
    const outcome = this.#ending.signal.aborted ? undefined : this.#schedule.outcome;
    if (outcome === 'completed') return { status: outcome };
    if (outcome === undefined) return this.#forced ?? { status: 'canceled' };
    const blamed = this.#schedule.blame.map(
      ({ type, id }) => `${type} "${id}" failed: ${this.#reasons.get(id) ?? ''}`,
    );
    return { status: 'failed', reason: blamed.join('; ') };
  }

  #end(outcome: RunOutcome): void {
    if (this.#ending.signal.aborted) return;
    this.#closed = true;
    this.#forced = outcome;
    this.#ending.abort();
    const { clock, definition } = this.#deps.context;
    const graceMs = definition.limits?.cancel_grace_timeout_ms ?? DEFAULT_GRACE_MS;
    void delay(clock, graceMs, this.#cut.signal).then(() => this.#cut.abort());
    this.#wake();
  }

  async #carryOut(): Promise<void> {
    for (;;) {
      const changed = new Promise<void>((resolve) => (this.#wake = resolve));
      while (!this.#closed) {
        const moves = this.#schedule.next();
        if (moves.length === 0) break;
        for (const move of moves) await this.#make(move);
      }
      if (this.#steps.size === 0) break;
      await changed;
    }
    // So that the pause of the grace ends.
    this.#cut.abort();
  }

  async #make(move: Move): Promise<void> {
    const { state } = this.#deps;
    switch (move.type) {
      case 'step': {
        const step: Promise<void> = this.#step(move).finally(() => {
          this.#steps.delete(step);
          this.#wake();
        });
        this.#steps.add(step);
        return;
      }
      case 'until':
        try {
          this.#schedule.decided(move, holds(move.until, state));
        } catch (error) {
          this.#schedule.decided(move, errorText(error));
        }
        return;
      case 'skipped':
        return this.#history.skipped(move.stepId, move.reason);
      case 'loop':
        return this.#history.loopBegins(move.loopId);
      case 'loop_failed':
        this.#reasons.set(move.loopId, move.reason);
        return this.#history.loopFailed(move.loopId, move.reason);
    }
  }

  /** Never rejects. */
  async #step(move: StepMove): Promise<void> {
    const { flow, state } = this.#deps;
    const { stepId, loop } = move;
    const step = stepOf(flow, stepId);
    try {
      const outcome = await runStep(this.#stepDeps(), stepId, step);
      if (outcome) {
        await this.#history.completed(stepId, step, outcome.value, loop);
        this.#failuresInRow = 0;
      } else await this.#history.skipped(stepId, 'condition evaluated to false');
      this.#schedule.ended(move, outcome ? 'completed' : 'skipped');
    } catch (error) {
      if (error instanceof StepCut) return state.final ? undefined : this.#history.canceled(stepId);
      await this.#failStep(move, error).catch((failure: unknown) => {
        // Else it was told to end already.
        if (!(failure instanceof StepCut)) this.#end({ status: 'failed', reason: errorText(failure) });
      });
    }
  }

  async #failStep(move: StepMove, error: unknown): Promise<void> {
    const { stepId } = move;
    const reason = errorText(error);
    this.#reasons.set(stepId, reason);
    const escalation = this.#countFailure();
    await this.#history.failed(stepId, reason);
    if (error instanceof RunFault) return this.#end({ status: 'failed', reason });
    if (escalation && !this.#ending.signal.aborted) await this.#escalate(move, reason, escalation);
    this.#schedule.ended(move, 'failed');
  }

  /** What a failure asks for; undefined when nobody is to be told of it. Counting begins anew then. */
  #countFailure(): { readonly policy: SupervisorPolicy; readonly inARow: number } | undefined {
    const { supervisor: policy } = this.#deps.context.definition;
    const threshold = policy?.escalation_threshold ?? 1;
    this.#failuresInRow += 1;
    if (!policy || threshold === 0 || this.#failuresInRow < threshold) return undefined;
    this.#failuresInRow = 0;
    return { policy, inARow: threshold };
  }

  async #escalate(
    move: StepMove,
    reason: string,
    { policy, inARow }: { readonly policy: SupervisorPolicy; readonly inARow: number },
  ): Promise<void> {
    const failure = await this.#tellSupervisor(policy, move.stepId, reason, inARow);
    if (failure === undefined) return;
    const message = `the supervisor could not be told of step "${move.stepId}": ${failure}`;
    if (!this.#schedule.tolerated(move)) throw new RunFault(message);
    this.#history.noted(move.stepId, message);
  }

  async #tellSupervisor(policy: SupervisorPolicy, stepId: string, reason: string, inARow: number) {
    const { context, state, workers, retireAll } = this.#deps;
    const { runId, flowId } = state;
    const telling = escalate({
      clock: context.clock,
      policy,
      supervisor: workers(policy.role)[0],
      interactionId: runId,
      runId,
      flowId,
      stepId,
      reason,
      inARow,
    });
    const told = await this.#unlessCut(telling);
    if ('failure' in told) return told.failure;
    await this.#history.escalated(stepId, told.identity);
    if (policy.on_escalation !== 'reset') return undefined;
    const retired = retireAll().then(
      () => undefined,
      (error: unknown) => `it was told, and not everybody could be retired: ${errorText(error)}`,
    );
    // Whoever retires may wait for the end of this run.
    return this.#unlessCut(retired);
  }

  /** @throws StepCut when nobody waits for it any longer. */
  #unlessCut<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#cut;
    return new Promise((resolve, reject) => {
      const onCut = () => reject(new StepCut());
      if (signal.aborted) onCut();
      signal.addEventListener('abort', onCut);
      void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onCut));
    });
  }

  #stepDeps(): StepDeps {
    const { context, state, orphans, find, workers } = this.#deps;
    const { clock, definition } = context;
    return {
      clock,
      definition,
      values: state,
      history: this.#history,
      orphans,
      find,
      workers,
      retries: definition.limits?.max_step_retries ?? 0,
      interactionId: state.runId,
      ending: this.#ending.signal,
      cut: this.#cut.signal,
      mayBegin: () => !this.#closed,
    };
  }
}

function stepOf({ steps }: FlowDefinition, stepId: string): FlowStep {
  const step = Object.hasOwn(steps, stepId) ? steps[stepId] : undefined;
  if (!step) throw new TypeError(`The flow has no step "${stepId}"`);
  return step;
}
