import { backoffMs, isMobError, MobError, within } from '@mobkit/core';
import type { ScheduleOccurrence } from '@mobkit/core/ops';

import {
  awaitFlow,
  callTarget,
  type EndedOutcome,
  type TargetDeps,
  type TargetOutcome,
} from './call-target.js';
import { HeldLease, type HeldLeaseDeps, type HeldOccurrence } from './held-lease.js';
import type { Happening } from './occurrence.js';

export interface OccurrenceRunnerDeps extends HeldLeaseDeps {
  readonly targets: TargetDeps;
  /** Told of every occurrence that is over or will be tried again. */
  readonly tell: (occurrence: ScheduleOccurrence) => void;
  /** Called when one was put so that it is due again. */
  readonly onDue: () => void;
  /** Called when one is over that the next one of its schedule may wait for. */
  readonly onOver: (scheduleId: string) => Promise<void>;
}

/** Begun this often it is given up. */
export const MOST_ATTEMPTS = 5;

/** Targets that are asked at a time; runs of flows that are waited for do not count. */
const MOST_AT_ONCE = 128;

/** A module or a function that has not answered after this never will. */
const LONGEST_CALL_MS = 15 * 60_000;

/** After a failure that may pass; each further one doubles it. */
const LONGEST_RETRY_MS = 60_000;

interface Run {
  readonly ending: AbortController;
  /** Whether nothing is left but to wait for a run of a flow, which goes on without us. */
  awaitsFlow: boolean;
}

/** Has occurrences happen that are kept as begun, side by side, and keeps what became of them. */
export class OccurrenceRunner {
  readonly #deps: OccurrenceRunnerDeps;
  readonly #runs = new Map<Run, Promise<void>>();
  readonly #held = new Map<string, HeldLease>();
  readonly #waiting: (() => void)[] = [];
  #asked = 0;
  #stopping = false;

  constructor(deps: OccurrenceRunnerDeps) {
    this.#deps = deps;
  }

  /** Resolves when another one may be begun, or the runner is stopped. */
  async room(): Promise<void> {
    while (this.#asked >= MOST_AT_ONCE && !this.#stopping) {
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  begin(held: HeldOccurrence): void {
    const run: Run = { ending: new AbortController(), awaitsFlow: false };
    const ended = this.#run(run, held)
      .catch((error: unknown) => this.#deps.onError(error))
      .finally(() => this.#runs.delete(run));
    this.#runs.set(run, ended);
  }

  /** Whether it is in our hands already: then it stays there, with the version it has by now. */
  keeps(occurrenceId: string, version: number): boolean {
    const lease = this.#held.get(occurrenceId);
    lease?.renew(version);
    return lease !== undefined;
  }

  /** Lets whoever waits for room go on. */
  beginStop(): void {
    this.#stopping = true;
    this.#makeRoom();
  }

  /** Lets go of runs of flows, waits for what is asked, and lets go of what is left after `deadlineMs`, for `releaseMs` at most. */
  async stop(deadlineMs: number, releaseMs: number): Promise<void> {
    this.beginStop();
    for (const run of this.#runs.keys()) if (run.awaitsFlow) letGo(run);
    await within(this.#deps.clock, deadlineMs, this.#settled());
    for (const run of this.#runs.keys()) letGo(run);
    await within(this.#deps.clock, releaseMs, this.#settled());
  }

  async #settled(): Promise<void> {
    while (this.#runs.size > 0) await Promise.allSettled(this.#runs.values());
  }

  async #run(run: Run, held: HeldOccurrence): Promise<void> {
    const { targets } = this.#deps;
    const { signal } = run.ending;
    const { occurrenceId } = held.occurrence;
    const lease = new HeldLease(held, this.#deps, (error) => run.ending.abort(error));
    this.#held.set(occurrenceId, lease);
    try {
      let { runId } = held.occurrence;
      if (runId === undefined) {
        const outcome = await this.#ask(run, held.occurrence);
        if (outcome.kind !== 'running') return await this.#settle(lease, held, outcome);
        ({ runId } = outcome);
      }
      await lease.put({ phase: 'awaiting_completion', atMs: this.#now(), runId });
      run.awaitsFlow = true;
      if (this.#stopping) letGo(run);
      await this.#settle(lease, held, await awaitFlow(targets, runId, signal));
    } catch (error) {
      // Somebody else has it, and says what becomes of it.
      if (isMobError(error, 'MOB_CONFLICT')) return;
      if (!signal.aborted || error !== signal.reason) throw error;
      const { phase } = lease.occurrence;
      await lease.put({ phase, stage: 'released', atMs: this.#now() }, 0);
    } finally {
      lease.end();
      if (this.#held.get(occurrenceId) === lease) this.#held.delete(occurrenceId);
    }
  }

  /** @throws what its run was ended with. */
  async #ask({ ending }: Run, occurrence: ScheduleOccurrence): Promise<TargetOutcome> {
    const { targets, clock } = this.#deps;
    const { signal } = ending;
    this.#asked += 1;
    try {
      const asking = callTarget(targets, occurrence, signal);
      const outcome = await Promise.race([within(clock, LONGEST_CALL_MS, asking), whenAborted(signal)]);
      signal.throwIfAborted();
      if (outcome) return outcome;
      const error = `No answer after ${LONGEST_CALL_MS} ms`;
      ending.abort(new Error(error));
      return { kind: 'failed', class: 'timeout', error, retryable: false };
    } finally {
      this.#asked -= 1;
      this.#makeRoom();
    }
  }

  async #settle(lease: HeldLease, held: HeldOccurrence, outcome: EndedOutcome): Promise<void> {
    const happening = happeningOf(outcome, held, this.#now());
    const again = happening.phase === 'retrying';
    const { attempts } = held.occurrence;
    const inMs = again ? Math.ceil(backoffMs(attempts + 2, LONGEST_RETRY_MS)) : undefined;
    this.#deps.tell(await lease.put(happening, inMs));
    if (again) this.#deps.onDue();
    else if (held.isAwaited) await this.#deps.onOver(held.occurrence.scheduleId);
  }

  #makeRoom(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  #now(): number {
    return this.#deps.clock.now();
  }
}

function happeningOf(
  outcome: EndedOutcome,
  { occurrence, missingTarget }: HeldOccurrence,
  atMs: number,
): Happening {
  switch (outcome.kind) {
    case 'done':
      return { phase: 'completed', atMs };
    case 'missing': {
      const phase = missingTarget === 'skip' ? 'skipped' : 'misfired';
      return { phase, atMs, failure: { class: 'target_missing', error: outcome.error } };
    }
    case 'failed': {
      const again = outcome.retryable && occurrence.attempts < MOST_ATTEMPTS;
      const failure = { class: outcome.class, error: outcome.error };
      return { phase: again ? 'retrying' : 'delivery_failed', atMs, failure };
    }
  }
}

function letGo({ ending }: Run): void {
  ending.abort(new MobError('MOB_SHUTTING_DOWN', 'The scheduler has stopped'));
}

/** Resolves when it is aborted. */
function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
