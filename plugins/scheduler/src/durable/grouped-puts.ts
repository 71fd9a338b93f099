import {
  isMobError,
  type NewRecord,
  type RecordsDefinition,
  type RecordStore,
  type Storage,
} from '@mobkit/core';

/** Puts in one commit. */
const GROUP = 64;

interface Waiting {
  readonly key: string;
  readonly record: NewRecord;
  readonly expectedVersion: number;
  readonly resolve: (version: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Puts records that are asked for while a write is under way in one commit after it, so that many that end at once cost one. */
export class GroupedPuts {
  readonly #storage: Pick<Storage, 'commit'>;
  readonly #definition: RecordsDefinition;
  readonly #records: RecordStore;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(storage: Pick<Storage, 'commit' | 'records'>, definition: RecordsDefinition) {
    this.#storage = storage;
    this.#definition = definition;
    this.#records = storage.records(definition);
  }

  /** As `RecordStore.put`; a key is put again only after its last put was answered. */
  put(key: string, record: NewRecord, expectedVersion: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, record, expectedVersion, resolve, reject });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    // Those that ended in the same moment come along.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#putAll(this.#waiting.splice(0, GROUP));
    this.#writing = false;
  }

  async #putAll(group: readonly Waiting[]): Promise<void> {
    if (group.length > 1) {
      const puts = group.map(({ key, record, expectedVersion }) => {
        return { records: this.#definition, key, record, expectedVersion };
      });
      try {
        const { versions } = await this.#storage.commit({ puts });
        group.forEach(({ resolve }, at) => resolve(versions[at] as number));
        return;
      } catch (error) {
        // One of them is somebody else's now: the others are put by themselves.
        if (!isMobError(error, 'MOB_CONFLICT')) return group.forEach(({ reject }) => reject(error));
      }
    }
    for (const { key, record, expectedVersion, resolve, reject } of group) {
      await this.#records.put(key, record, { expectedVersion }).then(resolve, reject);
    }
  }
}
