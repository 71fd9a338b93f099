import { MobError, type OrderedLog, type RecordStore, type Storage, type StorageWrite } from '@mobkit/core';

/** A storage that fails as it is told, over one that works. */
export class FaultyStorage implements Storage {
  readonly #inner: Storage;
  #severed = false;
  /** Called with every commit before it is made, which waits for it; what it throws is thrown instead. */
  beforeCommit: (write: StorageWrite) => void | Promise<void> = () => {};
  /** Called after it was made; what it throws hides that. */
  afterCommit: (write: StorageWrite) => void = () => {};
  /** How long everything takes. */
  delay: () => Promise<void> = async () => {};
  /** Called before every read. */
  beforeRead: () => void = () => {};
  /** Whether the record of this key, in any collection, is not there any more when it is asked for. */
  isLost: (key: string) => boolean = () => false;

  constructor(inner: Storage) {
    this.#inner = inner;
  }

  get supports() {
    return this.#inner.supports;
  }

  /** From now on nothing is answered, and nothing is done: for whoever uses it, the process has ended. */
  sever(): void {
    this.#severed = true;
  }

  prepare(definitions: Parameters<Storage['prepare']>[0]): Promise<void> {
    return this.#do(() => this.#inner.prepare(definitions));
  }

  log(...given: Parameters<Storage['log']>): OrderedLog {
    const log = this.#inner.log(...given);
    return {
      append: (entries, options) => this.#do(() => log.append(entries, options)),
      read: (query) => this.#read(() => log.read(query)),
      bounds: () => this.#read(() => log.bounds()),
      prune: (bounds) => this.#do(() => log.prune(bounds)),
      onAppend: (wake) => log.onAppend(wake),
    };
  }

  records(...given: Parameters<Storage['records']>): RecordStore {
    const records = this.#inner.records(...given);
    return {
      get: (key) => this.#read(async () => (this.isLost(key) ? undefined : records.get(key))),
      list: (query) => this.#read(() => records.list(query)),
      put: (key, record, options) => this.#do(() => records.put(key, record, options)),
      delete: (key, options) => this.#do(() => records.delete(key, options)),
      claimDue: (claim) => this.#do(() => records.claimDue(claim)),
    };
  }

  contents() {
    return this.#read(() => this.#inner.contents());
  }

  commit(write: StorageWrite) {
    return this.#do(async () => {
      await this.beforeCommit(write);
      const written = await this.#inner.commit(write);
      this.afterCommit(write);
      return written;
    });
  }

  #read<T>(work: () => Promise<T>): Promise<T> {
    return this.#do(async () => {
      this.beforeRead();
      return work();
    });
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    await this.delay();
    if (this.#severed) return new Promise(() => {});
    const result = await work();
    // Answers to those who have gone reach nobody.
    return this.#severed ? new Promise(() => {}) : result;
  }
}

/** The failure of a store that cannot be reached: `MOB_STORE_UNAVAILABLE`, retryable. A new one at each call. */
export function unavailable(): MobError {
  return new MobError('MOB_STORE_UNAVAILABLE', 'the storage is away', { retryable: true });
}

/** Whether a commit appends an entry of this kind to the ledger. */
export function appends(write: StorageWrite, kind: string): boolean {
  return (write.appends ?? []).some(({ entries }) => entries.some(({ fields }) => fields?.['kind'] === kind));
}
