import {
  type Clock,
  delay,
  MobError,
  type OrderedLog,
  type RecordStore,
  type Storage,
  type StorageWrite,
} from '@mobkit/core';

import { unavailable } from '../faulty-storage.js';
import type { SeededRandom } from './seeded-random.js';

/** How often what goes wrong: shares from 0 to 1. */
export interface StorageFaults {
  /** A call fails and has done nothing. */
  readonly unavailable: number;
  /** A write is kept, and its answer is lost. */
  readonly lostAnswer: number;
  /** The longest a call takes, in milliseconds. */
  readonly slowestMs: number;
}

/** A simulated storage that never fails and answers at once. */
export const NO_STORAGE_FAULTS: StorageFaults = { unavailable: 0, lostAnswer: 0, slowestMs: 0 };

/** What a simulated storage stands on. The same `random`, `clock` and calls make the same faults. */
export interface SimulatedStorageOptions {
  readonly inner: Storage;
  readonly random: SeededRandom;
  readonly clock: Clock;
  readonly faults: StorageFaults;
}

/** A storage that takes its time and fails as a seed decides, over one that works. */
export class SimulatedStorage implements Storage {
  readonly #options: SimulatedStorageOptions;
  #severed = false;
  /** May be changed at any time. */
  faults: StorageFaults;

  constructor(options: SimulatedStorageOptions) {
    this.#options = options;
    this.faults = options.faults;
  }

  get supports() {
    return this.#options.inner.supports;
  }

  /** From now on nothing is done and nothing is answered: for whoever uses it, the process has ended. */
  sever(): void {
    this.#severed = true;
  }

  prepare(definitions: Parameters<Storage['prepare']>[0]): Promise<void> {
    return this.#write(() => this.#options.inner.prepare(definitions));
  }

  log(...given: Parameters<Storage['log']>): OrderedLog {
    const log = this.#options.inner.log(...given);
    return {
      append: (entries, options) => this.#write(() => log.append(entries, options)),
      read: (query) => this.#call(() => log.read(query)),
      bounds: () => this.#call(() => log.bounds()),
      prune: (bounds) => this.#write(() => log.prune(bounds)),
      onAppend: (wake) => log.onAppend(() => void (this.#severed || wake())),
    };
  }

  records(...given: Parameters<Storage['records']>): RecordStore {
    const records = this.#options.inner.records(...given);
    return {
      get: (key) => this.#call(() => records.get(key)),
      list: (query) => this.#call(() => records.list(query)),
      put: (key, record, options) => this.#write(() => records.put(key, record, options)),
      delete: (key, options) => this.#write(() => records.delete(key, options)),
      claimDue: (claim) => this.#write(() => records.claimDue(claim)),
    };
  }

  contents() {
    return this.#call(() => this.#options.inner.contents());
  }

  commit(write: StorageWrite) {
    return this.#write(() => this.#options.inner.commit(write));
  }

  #write<T>(work: () => Promise<T>): Promise<T> {
    return this.#call(async () => {
      const result = await work();
      if (this.#options.random.chance(this.faults.lostAnswer)) {
        throw new MobError('MOB_STORE_UNAVAILABLE', 'the answer of the storage was lost', {
          retryable: true,
        });
      }
      return result;
    });
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    const { random, clock } = this.#options;
    await delay(clock, random.whole(0, this.faults.slowestMs));
    if (this.#severed) return new Promise(() => {});
    if (random.chance(this.faults.unavailable)) throw unavailable();
    const result = await work();
    return this.#severed ? new Promise(() => {}) : result;
  }
}
