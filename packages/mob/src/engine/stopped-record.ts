import { isMobError, MobError, type PutWrite, type RecordsDefinition, type Storage } from '@mobkit/core';

/** Whether mobs are stopped, by mob id. It is no event: a mob that stops and goes on has the same history. */
export const statesDefinition = {
  kind: 'records',
  name: 'mob_states',
  fields: { mob_id: 'text' },
} as const satisfies RecordsDefinition;

interface StateRecord {
  readonly stopped: boolean;
  /** Tells one write from another that says the same. */
  readonly write_id: string;
}

export interface StoppedRecordDeps {
  readonly storage: Storage;
  readonly mobId: string;
  readonly newId: () => string;
}

/** Keeps beside the ledger that a mob is stopped, so that it is when it is opened again. */
export class StoppedRecord {
  readonly #deps: StoppedRecordDeps;
  /** The data that is kept, as far as we know. */
  #known: string | undefined;
  /** Data whose write was not answered: it may be kept. */
  #doubt: string | undefined;

  /** @throws what the storage throws. */
  static async open(deps: StoppedRecordDeps): Promise<StoppedRecord> {
    const found = await deps.storage.records(statesDefinition).get(deps.mobId);
    return new StoppedRecord(deps, found?.data);
  }

  private constructor(deps: StoppedRecordDeps, known: string | undefined) {
    this.#deps = deps;
    this.#known = known;
  }

  get stopped(): boolean {
    return this.#known !== undefined && (JSON.parse(this.#known) as StateRecord).stopped;
  }

  /** Whether a write was not answered, and nobody knows yet whether it was kept. */
  get inDoubt(): boolean {
    return this.#doubt !== undefined;
  }

  /** What keeps it in a commit of something that is fenced itself, and what to call when that was kept. */
  putWith(stopped: boolean): { readonly put: PutWrite; readonly kept: () => void } {
    const { mobId } = this.#deps;
    const record = this.#toRecord(stopped);
    return {
      put: { records: statesDefinition, key: mobId, record },
      kept: () => {
        this.#known = record.data;
        this.#doubt = undefined;
      },
    };
  }

  /** @throws MobError `MOB_CONFLICT` when another engine has written it, and what the storage throws. */
  async write(stopped: boolean): Promise<void> {
    const records = this.#deps.storage.records(statesDefinition);
    const version = await this.#settle();
    const record = this.#toRecord(stopped);
    try {
      await records.put(this.#deps.mobId, record, { expectedVersion: version });
    } catch (error) {
      this.#doubt = record.data;
      // The answer may have been lost after the write. When that cannot be found out, the next call does.
      await this.#settle().catch((cause: unknown) => {
        if (isMobError(cause, 'MOB_CONFLICT')) throw cause;
      });
      if (this.#known !== record.data) throw error;
      return;
    }
    this.#known = record.data;
  }

  /** Finds out what became of a write that was not answered; true when it was kept. @throws as `write`. */
  async settle(): Promise<boolean> {
    const doubt = this.#doubt;
    if (doubt === undefined) return false;
    await this.#settle();
    return this.#known === doubt;
  }

  /** Answers the version that is kept. */
  async #settle(): Promise<number> {
    const { storage, mobId } = this.#deps;
    const found = await storage.records(statesDefinition).get(mobId);
    if (found?.data !== this.#known && (found === undefined || found.data !== this.#doubt)) {
      throw new MobError('MOB_CONFLICT', `Another engine has stopped or resumed mob "${mobId}"`, {
        details: { mobId },
      });
    }
    this.#known = found?.data;
    this.#doubt = undefined;
    return found?.version ?? 0;
  }

  #toRecord(stopped: boolean) {
    const record: StateRecord = { stopped, write_id: this.#deps.newId() };
    return { fields: { mob_id: this.#deps.mobId }, data: JSON.stringify(record) };
  }
}
