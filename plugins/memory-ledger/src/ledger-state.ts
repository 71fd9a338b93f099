import {
  type AppendWrite,
  type DeleteWrite,
  isMobError,
  MobError,
  type PutWrite,
  type RecordStore,
  type Storage,
} from '@mobkit/core';
import { memoryStores, type MemoryStoreName } from '@mobkit/core/ops';

import { stateDefinition } from './definitions.js';

/** How many there are of what, and which number comes next. */
export interface LedgerState {
  readonly nextAssertion: number;
  readonly assertions: Counts;
  readonly conflicts: Counts;
}

export type Counts = Readonly<Partial<Record<MemoryStoreName, number>>>;

/** What a change writes, and what it answers once it is kept. Without a state nothing is written. */
export interface Draft<T> {
  readonly state?: LedgerState;
  readonly puts?: readonly PutWrite[];
  readonly deletes?: readonly DeleteWrite[];
  readonly appends?: readonly AppendWrite[];
  readonly result: T;
}

const EMPTY: LedgerState = { nextAssertion: 0, assertions: {}, conflicts: {} };
const KEY = 'ledger';

/** Each that fails is one of another process that went through; so many in a row is a crowd. */
const MOST_ATTEMPTS = 100;

/**
 * The state of a ledger, and the only way to change it: what was read while a change was drafted still holds when it is
 * kept, in whatever process others change it.
 */
export class StateOfLedger {
  readonly #storage: Storage;
  readonly #records: RecordStore;
  #last: Promise<unknown> = Promise.resolve();

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#records = storage.records(stateDefinition);
  }

  async read(): Promise<LedgerState> {
    return (await this.#kept()).state;
  }

  /** Drafts again, from what is then kept, when somebody else came before. */
  change<T>(draft: (state: LedgerState) => Promise<Draft<T>>): Promise<T> {
    // One after the other: those of one process need not get in each other's way.
    const changed = this.#last.then(() => this.#change(draft));
    this.#last = changed.catch(() => {});
    return changed;
  }

  async #change<T>(draft: (state: LedgerState) => Promise<Draft<T>>): Promise<T> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const { state: before, version } = await this.#kept();
      const { state, puts = [], deletes = [], appends = [], result } = await draft(before);
      if (!state) return result;
      const put = { key: KEY, record: { data: JSON.stringify(state) }, expectedVersion: version };
      try {
        await this.#storage.commit({
          puts: [...puts, { records: stateDefinition, ...put }],
          deletes,
          appends,
        });
        return result;
      } catch (error) {
        if (!isMobError(error, 'MOB_CONFLICT')) throw error;
      }
    }
    throw new MobError('MOB_STORE_UNAVAILABLE', 'too many others change it at the same time', {
      retryable: true,
    });
  }

  async #kept(): Promise<{ readonly state: LedgerState; readonly version: number }> {
    const kept = await this.#records.get(KEY);
    return kept
      ? { state: JSON.parse(kept.data) as LedgerState, version: kept.version }
      : { state: EMPTY, version: 0 };
  }
}

/** Counts with one more, or fewer, of the stores named. */
export function counted(counts: Counts, stores: readonly MemoryStoreName[], by: 1 | -1): Counts {
  const result: Partial<Record<MemoryStoreName, number>> = { ...counts };
  for (const store of stores) result[store] = (result[store] ?? 0) + by;
  return result;
}

export function total(counts: Counts): number {
  return memoryStores.reduce((sum, store) => sum + (counts[store] ?? 0), 0);
}
