import { type Clock, isMobError, MobError, type NewEntry, type OrderedLog } from '@mobkit/core';
import type { AppendWrite, Storage, StorageWrite, StorageWritten } from '@mobkit/core';

import { SerialQueue } from '../engine/serial-queue.js';
import { ledgerDefinition, type LedgerItem, toLedgerEntry } from './ledger-definition.js';
import { readLedger, type ReadLedger } from './read-ledger.js';
import type { Roster } from './roster.js';

export interface LedgerDeps {
  readonly storage: Storage;
  readonly mobId: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Told once when somebody else has written what only we may write. */
  readonly onConflict: (error: MobError) => void;
  /** Told after every append that was taken in. */
  readonly onTaken?: () => void;
}

export interface AppendPlan {
  readonly items: readonly LedgerItem[];
  /** What is kept in the same commit. */
  readonly beside?: StorageWrite;
  /**
   * Called once, as soon as it is known that the commit was made, after the roster has changed; without what it wrote when
   * its answer was lost.
   */
  readonly applied?: (written?: StorageWritten) => void;
  /** Called once instead, as soon as it is known that it was not made. */
  readonly refused?: () => void;
}

interface Attempt extends AppendPlan {
  readonly entries: readonly NewEntry[];
}

/**
 * The ledger of one mob, to write: one append at a time, each on top of the last that this engine knows, so that a second
 * engine on the same mob is noticed by whichever of the two writes later.
 */
export class Ledger {
  readonly log: OrderedLog;
  readonly roster: Roster;
  readonly #deps: LedgerDeps;
  readonly #queue = new SerialQueue();
  #lastSeq: number;
  /** An append whose answer was lost: whether it was kept is not known yet. */
  #doubt: Attempt | undefined;

  static async open(deps: LedgerDeps): Promise<Ledger> {
    const log = deps.storage.log(ledgerDefinition, deps.mobId);
    return new Ledger(deps, log, await readLedger(deps.mobId, log));
  }

  private constructor(deps: LedgerDeps, log: OrderedLog, { roster, lastSeq }: ReadLedger) {
    this.#deps = deps;
    this.log = log;
    this.roster = roster;
    this.#lastSeq = lastSeq;
  }

  /** Whether the answer to the last append was lost, and nobody knows yet whether it was kept. */
  get inDoubt(): boolean {
    return this.#doubt !== undefined;
  }

  get mobId(): string {
    return this.#deps.mobId;
  }

  /** Of the last entry that this engine knows. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Whether there is no mob: it was never created, or destroyed. */
  get empty(): boolean {
    return this.roster.state === 'Creating';
  }

  /**
   * Keeps entries and what goes with them, all or nothing, and folds them into the roster. When the answer was lost the
   * ledger is asked; only if it does not answer either does this fail without knowing, and the next call finds out.
   *
   * @throws MobError `MOB_CONFLICT` when another engine has written, and what the storage throws.
   */
  append(plan: AppendPlan): Promise<void> {
    return this.#queue.run(async () => {
      try {
        await this.#settle();
      } catch (error) {
        plan.refused?.();
        throw error;
      }
      const { clock, newId } = this.#deps;
      const timestampMs = clock.now();
      const entries = plan.items.map((item) => toLedgerEntry(item, newId(), timestampMs));
      const attempt = { ...plan, entries };
      let written: StorageWritten;
      try {
        written = await this.#deps.storage.commit(this.#toWrite(attempt));
      } catch (error) {
        this.#doubt = attempt;
        // If that fails too, the doubt stays, and the first failure is the one to tell.
        if (await this.#settle().catch(() => false)) return;
        this.#reportConflict(error);
        throw error;
      }
      this.#take(attempt, written);
    });
  }

  /** Finds out what became of an append whose answer was lost. @throws what the storage throws. */
  settle(): Promise<void> {
    return this.#queue.run(async () => void (await this.#settle()));
  }

  /** Whether there was a doubt, and the append turned out to be kept. */
  async #settle(): Promise<boolean> {
    const doubt = this.#doubt;
    if (!doubt) return false;
    const { entries } = await this.log.read({ afterSeq: this.#lastSeq, limit: 1 });
    this.#doubt = undefined;
    const [next] = entries;
    if (next && next.id === doubt.entries[0]?.id) {
      this.#take(doubt);
      return true;
    }
    // First, so that nobody whom `refused` sets free goes on with what is another engine's.
    const conflict = next && this.#reportConflict(this.#conflict());
    doubt.refused?.();
    if (conflict) throw conflict;
    return false;
  }

  #conflict(): MobError {
    const { mobId } = this.#deps;
    return new MobError('MOB_CONFLICT', `Another engine has written to the ledger of mob "${mobId}"`, {
      details: { mobId, expectedLastSeq: this.#lastSeq },
    });
  }

  #take({ items, applied }: Attempt, written?: StorageWritten): void {
    this.#lastSeq += items.length;
    for (const item of items) this.roster.apply(item);
    applied?.(written);
    this.#deps.onTaken?.();
  }

  #toWrite({ entries, beside = {} }: Attempt): StorageWrite {
    const append: AppendWrite = {
      log: ledgerDefinition,
      partition: this.#deps.mobId,
      entries,
      expectedLastSeq: this.#lastSeq,
    };
    return { ...beside, appends: [append, ...(beside.appends ?? [])] };
  }

  #reportConflict<T>(error: T): T {
    if (isMobError(error, 'MOB_CONFLICT')) this.#deps.onConflict(error);
    return error;
  }
}
