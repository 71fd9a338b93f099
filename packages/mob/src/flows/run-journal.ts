import { errorText, isMobError, type StorageWritten } from '@mobkit/core';
import type { MobEventKind } from '@mobkit/core/mob';

import type { MobContext } from '../engine/mob-context.js';
import { keepTrying } from '../members/keep-trying.js';
import { putRun, runsDefinition } from './run-record.js';
import type { RunState } from './run-state.js';

interface Batch {
  readonly kinds: MobEventKind[];
  readonly kept: Promise<void>;
  readonly settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
}

/**
 * Keeps what happens in a run: what it tells the ledger and what the run has become, always in one commit and always over the
 * version it wrote last. What comes while a commit is under way goes into the next one together.
 */
export class RunJournal {
  readonly #context: MobContext;
  readonly #state: RunState;
  readonly #key: string;
  /** Ends the pauses between attempts to reach the storage. */
  readonly #signal: AbortSignal;
  /** Of the record; undefined while it is not known. */
  #version: number | undefined;
  #next: Batch | undefined;
  #writing = false;
  #failed: { readonly error: unknown } | undefined;

  /** @param version - Of the record that is there. */
  constructor(context: MobContext, state: RunState, key: string, version: number, signal: AbortSignal) {
    this.#context = context;
    this.#state = state;
    this.#key = key;
    this.#version = version;
    this.#signal = signal;
  }

  /**
   * Keeps events and the run as it is now, behind what was given before. Resolves when they are kept.
   *
   * @throws why nothing of this run can be kept any more.
   */
  async tell(...kinds: readonly MobEventKind[]): Promise<void> {
    if (this.#failed) throw this.#failed.error;
    this.#next ??= newBatch();
    this.#next.kinds.push(...kinds);
    const { kept } = this.#next;
    if (!this.#writing) void this.#write();
    await kept;
  }

  async #write(): Promise<void> {
    this.#writing = true;
    for (let batch = this.#next; batch; batch = this.#next) {
      this.#next = undefined;
      if (!this.#failed) await this.#keep(batch).catch((error: unknown) => this.#fail(error));
      if (this.#failed) batch.settle.reject(this.#failed.error);
      else batch.settle.resolve();
    }
    this.#writing = false;
  }

  async #keep({ kinds }: Batch): Promise<void> {
    const { ledger, clock } = this.#context;
    const put = putRun(this.#key, this.#state.toRun());
    const items = kinds.map((kind) => ({ kind }));
    let applied = false;
    const kept = await keepTrying({
      attempt: async () => {
        this.#version ??= await this.#readVersion();
        const { records, key, record } = put;
        await ledger.append({
          items,
          beside: { puts: [{ records, key, record, expectedVersion: this.#version }] },
          applied: (written?: StorageWritten) => {
            applied = true;
            // Found out later that it was kept: then the version is asked for before the next write.
            this.#version = written?.versions[0];
          },
        });
      },
      kept: async () => {
        await ledger.settle();
        return applied;
      },
      clock,
      signal: this.#signal,
      onFailure: (error) => this.#report(`waits for the storage: ${errorText(error)}`),
    });
    if (!kept) throw new Error('the run was not kept before it had to stop');
  }

  async #readVersion(): Promise<number> {
    const record = await this.#context.storage.records(runsDefinition).get(this.#key);
    return record?.version ?? 0;
  }

  #fail(error: unknown): void {
    this.#failed = { error };
    if (isMobError(error, 'MOB_CONFLICT')) return;
    this.#report(`is not kept any more: ${errorText(error)}`);
  }

  #report(what: string): void {
    const error = `run ${this.#state.runId} of flow "${this.#state.flowId}" ${what}`;
    this.#context.onError({ category: 'store_failure', error });
  }
}

function newBatch(): Batch {
  let settle: Batch['settle'] = { resolve: () => {}, reject: () => {} };
  const kept = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  // Whoever told has it too; nobody may be left who waits.
  kept.catch(() => {});
  return { kinds: [], kept, settle };
}
