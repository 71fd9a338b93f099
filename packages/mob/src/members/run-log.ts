import {
  type DeleteWrite,
  errorText,
  isMobError,
  MobError,
  type NewRecord,
  type StorageWrite,
} from '@mobkit/core';

import type { RunEnd, RunResult, RunSoFar } from '../agent/run-agent.js';
import type { MobContext } from '../engine/mob-context.js';
import type { LedgerItem } from '../ledger/ledger-definition.js';
import type { HeldInput } from './inbox.js';
import { inputsDefinition, type ParkedRun, toInputRecord } from './input.js';
import { keepTrying, type KeepTryingOptions } from './keep-trying.js';
import { kickoffItem } from './kickoff-item.js';
import type { Extension, Session } from './session.js';

/** A run that is marked in storage as begun. */
export interface BegunRun {
  readonly held: HeldInput;
  /** Of the marked record; absent when the ledger stood beside it. */
  version: number | undefined;
  /** Where it waits, or last did. */
  parked?: ParkedRun | undefined;
  /** Messages that were read on the way and are still kept as waiting. */
  readonly steered: HeldInput[];
}

/** Keeps, for one member, that a run began and how it ended, so that the next process knows which runs were lost. */
export class RunLog {
  readonly #context: MobContext;
  readonly #identity: string;
  readonly #session: Session;
  /** Key of a message whose mark was written without an answer: whether it was kept is not known. */
  #inDoubt: string | undefined;
  /** A step that was written without an answer. */
  #unsure: Extension | undefined;

  constructor(context: MobContext, identity: string, session: Session) {
    this.#context = context;
    this.#identity = identity;
    this.#session = session;
  }

  /**
   * Marks the message as being worked on; tried again until `signal`. Undefined when it gave up.
   *
   * @throws MobError `MOB_CONFLICT` when another engine has it, and what trying again cannot mend.
   */
  async begin(held: HeldInput, signal: AbortSignal): Promise<BegunRun | undefined> {
    const { storage, mobId, engineId } = this.#context;
    const { key, input } = held;
    const record = toInputRecord(mobId, this.#identity, { ...input, startedBy: engineId });
    let version: number | undefined;
    const kept = async () => {
      const found = await storage.records(inputsDefinition).get(key);
      version = found?.version;
      return found?.data === record.data;
    };
    const begun = await this.#keep({
      attempt: async () => {
        try {
          version = await this.#mark(held, record);
        } catch (error) {
          // An attempt whose answer was lost may have been kept after we asked: then the conflict is with ourselves.
          if (!isMobError(error, 'MOB_CONFLICT') || !(await kept())) throw error;
        }
      },
      inDoubt: this.#inDoubt === key,
      kept,
      signal,
    });
    this.#inDoubt = begun ? undefined : key;
    return begun ? { held, version, steered: [] } : undefined;
  }

  async #mark(held: HeldInput, record: NewRecord): Promise<number | undefined> {
    const put = { records: inputsDefinition, key: held.key, record };
    // That a first turn begins was kept when it did.
    if (held.input.kind === 'kickoff' && !held.input.parked) {
      const starting = kickoffItem(this.#identity, 'starting', this.#context.clock.now());
      await this.#context.ledger.append({ items: [starting], beside: { puts: [put] } });
      return undefined;
    }
    const expectedVersion = held.version ?? (await this.#waitingVersion(held));
    const { versions } = await this.#context.storage.commit({ puts: [{ ...put, expectedVersion }] });
    return versions[0];
  }

  /** Of a message that was kept with something else. @throws MobError `MOB_CONFLICT` when it does not wait any more. */
  async #waitingVersion({ key, input }: HeldInput): Promise<number> {
    const { storage, mobId } = this.#context;
    const found = await storage.records(inputsDefinition).get(key);
    if (found?.data === toInputRecord(mobId, this.#identity, input).data) return found.version;
    throw new MobError('MOB_CONFLICT', `Another engine works on the message kept as "${key}"`, {
      details: { mobId, key },
    });
  }

  /**
   * Keeps where a run waits for somebody, or without `parked` that it does not any more; tried again until `signal`. False when
   * it gave up.
   *
   * @throws as `begin`.
   */
  park(run: BegunRun, parked: ParkedRun | undefined, signal: AbortSignal): Promise<boolean> {
    const { storage, mobId, engineId } = this.#context;
    const { key } = run.held;
    const { parked: _before, ...input } = run.held.input;
    const begun = { ...input, startedBy: engineId, ...(parked && { parked }) };
    const record = toInputRecord(mobId, this.#identity, begun);
    const records = storage.records(inputsDefinition);
    const kept = async () => {
      const found = await records.get(key);
      if (found?.data !== record.data) return false;
      run.version = found.version;
      return true;
    };
    const only = run.version === undefined ? {} : { expectedVersion: run.version };
    return this.#keep({
      attempt: async () => {
        try {
          run.version = await records.put(key, record, only);
        } catch (error) {
          if (!isMobError(error, 'MOB_CONFLICT') || !(await kept())) throw error;
        }
      },
      kept,
      signal,
    });
  }

  /**
   * Adds what was said since the last step to the session and removes the messages that were read on the way, in one commit;
   * tried again until `signal`. False when it gave up.
   *
   * @throws as `begin`.
   */
  step(run: BegunRun, soFar: RunSoFar, signal: AbortSignal): Promise<boolean> {
    const { storage, clock } = this.#context;
    const extend = () => this.#session.extend(run.held.input.id, soFar, false, clock.now());
    return this.#extend(run, signal, extend, ({ put, append }) =>
      storage.commit({ puts: [put], deletes: run.steered.map(toDelete), appends: [append] }),
    );
  }

  /**
   * Adds the rest of what was said to the session and removes the message, in one commit; tried again until `signal`. False
   * when it gave up.
   *
   * @throws as `begin`.
   */
  end(run: BegunRun, result: RunResult, signal: AbortSignal): Promise<boolean> {
    const extend = () => this.#session.extend(run.held.input.id, result, true, this.#context.clock.now());
    return this.#extend(run, signal, extend, ({ put, append }) => {
      const write = { puts: [put], deletes: deletesOf(run), appends: [append] };
      return this.#commit(this.#kickoffEnd(run, result.end), write);
    });
  }

  async #extend(
    run: BegunRun,
    signal: AbortSignal,
    extend: () => Extension,
    commit: (extension: Extension) => Promise<unknown>,
  ): Promise<boolean> {
    const { storage } = this.#context;
    let extension: Extension | undefined;
    const kept = await this.#keep({
      attempt: async () => {
        if (this.#unsure) await this.#settle(run, this.#unsure);
        extension ??= extend();
        await commit(extension);
      },
      kept: async () => extension !== undefined && this.#session.holds(storage, extension),
      signal,
    });
    if (kept && extension) taken(run, extension);
    else this.#unsure = extension;
    return kept;
  }

  /** Finds out what became of a step whose answer was lost. @throws what the storage throws. */
  async #settle(run: BegunRun, unsure: Extension): Promise<void> {
    if (await this.#session.holds(this.#context.storage, unsure)) taken(run, unsure);
    this.#unsure = undefined;
  }

  /** Removes the message of a run whose end the storage refused to keep. @throws what the storage throws. */
  async discard(run: BegunRun, end: RunEnd): Promise<void> {
    await this.#commit(this.#kickoffEnd(run, end), { deletes: deletesOf(run) });
    for (const held of run.steered.splice(0)) held.release();
  }

  #keep(options: Omit<KeepTryingOptions, 'clock' | 'onFailure'>) {
    const { clock, onError } = this.#context;
    const onFailure = (error: unknown) =>
      onError({
        category: 'store_failure',
        error: `a run of "${this.#identity}" waits for the storage: ${errorText(error)}`,
      });
    return keepTrying({ ...options, clock, onFailure });
  }

  /** With entries of the ledger beside it, the ledger is what notices a second engine. */
  #commit(items: readonly LedgerItem[], write: StorageWrite): Promise<unknown> {
    const { storage, ledger } = this.#context;
    return items.length > 0 ? ledger.append({ items, beside: write }) : storage.commit(write);
  }

  #kickoffEnd({ held }: BegunRun, end: RunEnd): readonly LedgerItem[] {
    if (held.input.kind !== 'kickoff') return [];
    const nowMs = this.#context.clock.now();
    if (end.type === 'run_completed') return [kickoffItem(this.#identity, 'started', nowMs)];
    const phase = end.error_class === 'cancelled' ? 'cancelled' : 'failed';
    return [kickoffItem(this.#identity, phase, nowMs, end.error)];
  }
}

function taken({ steered }: BegunRun, { applied }: Extension): void {
  applied();
  for (const held of steered.splice(0)) held.release();
}

function deletesOf({ held: { key }, version, steered }: BegunRun): readonly DeleteWrite[] {
  return [{ key, version }, ...steered].map(toDelete);
}

function toDelete({ key, version }: Pick<HeldInput, 'key' | 'version'>): DeleteWrite {
  return { records: inputsDefinition, key, ...(version !== undefined && { expectedVersion: version }) };
}
