import { errorText, isMobError, MobError } from '@mobkit/core';
import type { DestroyReport, MobLifecycle } from '@mobkit/core/mob';

import { type CommandName, ruleOf } from './command-table.js';
import { destroyStorage } from './destroy-storage.js';
import type { Crew } from './roster/crew.js';
import type { RetireFailure } from './roster/retire-members.js';
import type { StoppedRecord } from './stopped-record.js';

/** The runs of flows, for whoever ends the mob under them. */
interface ActiveRuns {
  /** Ids of those that are not over. */
  activeRuns(): readonly string[];
  /** Resolves when none of them runs any more. */
  cancelAll(): Promise<void>;
}

export interface LifecycleDeps {
  readonly crew: Crew;
  readonly record: StoppedRecord;
  readonly runs: ActiveRuns;
  /** Part of a command. Answers who is still there, and why. */
  readonly retireEverybody: () => Promise<readonly RetireFailure[]>;
  /** Resolves when those who follow the ledger have read its end, or will not. */
  readonly ledgerRead: () => Promise<void>;
  /** Destroys the mobs that members made. */
  readonly destroyChildren: () => Promise<void>;
  /** Called when the mob is destroyed and nothing is left of it. */
  readonly onDestroyed: () => void;
}

/** Stops and resumes a mob, starts it anew and ends it. */
export class Lifecycle implements MobLifecycle {
  readonly #deps: LifecycleDeps;
  /** A command that nobody could say of whether it was kept: calling it again is no mistake. */
  #unanswered: CommandName | undefined;
  #destroyBegun = false;
  readonly #forced = new Set<string>();

  constructor(deps: LifecycleDeps) {
    this.#deps = deps;
  }

  stop(): Promise<void> {
    return this.#transition('stop', async () => {
      const runs = this.#deps.runs.activeRuns();
      if (runs.length > 0) {
        const { mobId } = this.#deps.crew.context;
        const message = `Mob "${mobId}" cannot stop while flows run, cancel them first: ${runs.join(', ')}`;
        throw new MobError('MOB_RUN_ACTIVE', message, { details: { mobId, runs } });
      }
      await this.#deps.record.write(true);
      await this.#halt();
    });
  }

  resume(): Promise<void> {
    return this.#transition('resume', async () => {
      await this.#deps.record.write(false);
      this.#goOn();
    });
  }

  complete(): Promise<void> {
    return this.#transition('complete', async () => {
      await this.#clearOut();
      await this.#ledger.append({ items: [{ kind: { type: 'mob_completed' } }] });
    });
  }

  reset(): Promise<void> {
    return this.#transition('reset', async () => {
      const { crew, record } = this.#deps;
      await this.#clearOut();
      const running = record.putWith(false);
      const created = { type: 'mob_created', definition: crew.context.definition } as const;
      try {
        await this.#ledger.append({
          items: [{ kind: created }, { kind: { type: 'mob_reset' } }],
          beside: { puts: [running.put] },
          applied: () => {
            running.kept();
            this.#goOn();
          },
        });
      } catch (error) {
        await this.#stopAfterFailure();
        throw error;
      }
    });
  }

  async destroy(): Promise<DestroyReport> {
    const report = await this.#transition('destroy', () => this.#destroy());
    // The answer to a destroy that was kept had been lost; there is nothing left to do, nor to tell.
    return report ?? { forceDestroyedMembers: [], sessionsCleared: true, eventsCleared: true, errors: [] };
  }

  /** Finds out what became of writes that were not answered, and follows them. @throws what the storage throws. */
  async settle(): Promise<void> {
    const { record } = this.#deps;
    await this.#ledger.settle();
    if (!(await record.settle())) return;
    if (record.stopped) await this.#halt();
    else this.#goOn();
  }

  /** Undefined when an earlier call of the same had done it, and its answer was lost. */
  async #transition<T>(command: CommandName, work: () => Promise<T>): Promise<T | undefined> {
    const { crew, record } = this.#deps;
    this.#expect(command);
    return crew.commands.run(async () => {
      this.#expect(command);
      const repeated = this.#unanswered === command;
      await this.settle();
      this.#unanswered = undefined;
      if (repeated && crew.states.state === ruleOf(command).to && command !== 'destroy') return undefined;
      this.#expect(command);
      try {
        return await work();
      } catch (error) {
        if (this.#ledger.inDoubt || record.inDoubt) this.#unanswered = command;
        if (isMobError(error, 'MOB_CONFLICT')) crew.context.stepDown(error);
        throw error;
      }
    });
  }

  #expect(command: CommandName): void {
    const { states } = this.#deps.crew;
    const again =
      this.#unanswered === command ||
      (command === 'destroy' && this.#destroyBegun && states.state === 'Destroyed');
    if (states.closed || !again) states.expect(command);
  }

  async #halt(): Promise<void> {
    const { states, members, context } = this.#deps.crew;
    states.setStopped(true);
    await Promise.all([...members.values()].map((member) => member.pause('The mob was stopped')));
    // What waits will not be worked on, so nobody need wait for it.
    context.activity.pause();
  }

  #goOn(): void {
    const { states, members, context } = this.#deps.crew;
    states.setStopped(false);
    context.activity.resume();
    for (const member of members.values()) member.resume();
  }

  /** Nobody is left to work, and whatever keeps the new beginning from being written may keep this from it as well. */
  async #stopAfterFailure(): Promise<void> {
    const { record, crew } = this.#deps;
    await this.#halt();
    if (this.#ledger.inDoubt || record.stopped) return;
    await record.write(true).catch((error: unknown) => {
      const told = `That mob "${crew.context.mobId}" is stopped could not be kept: ${errorText(error)}`;
      crew.context.onError({ category: 'store_failure', error: told });
    });
  }

  async #clearOut(): Promise<void> {
    const { runs, retireEverybody } = this.#deps;
    await runs.cancelAll();
    const failures = await retireEverybody();
    if (failures.length === 0) return;
    const names = failures.map(({ identity }) => `"${identity}"`).join(', ');
    const errors = failures.map(({ error }) => error);
    throw new AggregateError(errors, `Members are still there, call it again: ${names}`);
  }

  async #destroy(): Promise<DestroyReport> {
    const { crew, runs, destroyChildren, onDestroyed, ledgerRead } = this.#deps;
    const { storage, mobId } = crew.context;
    if (this.#ledger.roster.state !== 'Destroyed') {
      await runs.cancelAll();
      // Before the mark: who finishes a destroy later knows nothing of them.
      await destroyChildren();
      this.#destroyBegun = true;
      await this.#ledger.append({ items: [{ kind: { type: 'mob_destroying' } }] });
    }
    const errors = await this.#forceOut();
    const cleared = await destroyStorage(storage, this.#ledger, ledgerRead);
    const report: DestroyReport = {
      ...cleared,
      forceDestroyedMembers: [...this.#forced].toSorted(),
      errors: [...errors, ...cleared.errors],
    };
    if (!report.eventsCleared) {
      const message = `Mob "${mobId}" is not destroyed yet, call it again: ${report.errors.join('; ')}`;
      throw new MobError('MOB_DESTROY_INCOMPLETE', message, { retryable: true, details: { mobId, report } });
    }
    this.#destroyBegun = false;
    onDestroyed();
    return report;
  }

  /** Retires everybody; whoever cannot be is gone all the same. Answers why. */
  async #forceOut(): Promise<readonly string[]> {
    const { retireEverybody, crew } = this.#deps;
    const failures = await retireEverybody();
    for (const { identity } of failures) {
      this.#forced.add(identity);
      crew.members.get(identity)?.leave();
      crew.members.delete(identity);
    }
    return failures.map(({ identity, error }) => `"${identity}" was not retired: ${errorText(error)}`);
  }

  get #ledger() {
    return this.#deps.crew.context.ledger;
  }
}
