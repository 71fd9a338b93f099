import { backoffMs, type Clock, type ErrorHook, errorText, isMobError, type Storage } from '@mobkit/core';

import type { Approvals } from './approvals.js';
import type { Asking } from './asking.js';
import type { Deciding } from './deciding.js';
import { toDelete } from './gate-writes.js';

/** A notice that has not been told of after this long died with its process. */
const ANNOUNCED_WITHIN_MS = 60_000;

/** What was decided about a call that nobody asks about any more is kept as long. */
const KEPT_DECIDED_MS = 7 * 86_400_000;

export interface SweepDeps {
  readonly storage: Storage;
  readonly approvals: Approvals;
  readonly asking: Asking;
  readonly deciding: Deciding;
  readonly clock: Clock;
}

/** Ends what has passed its deadline at that moment, and tells of what a process that died could not tell. */
export class Sweep {
  readonly #deps: SweepDeps;
  #onError: ErrorHook = () => {};
  #running: Promise<void> | undefined;
  #again = false;
  #begun = false;
  #stopped = false;
  #dueAtMs = Infinity;
  #cancel: () => void = () => {};
  #failures = 0;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
  }

  /** @throws what the storage throws. */
  async begin(onError: ErrorHook): Promise<void> {
    this.#onError = onError;
    this.#begun = true;
    await this.#forget();
    const first = this.#look();
    this.#running = first.catch(() => {});
    await first;
    this.#running = undefined;
    if (this.#again) this.wake();
  }

  /** Something may be due by then. */
  before(dueAtMs: number): void {
    if (this.#running || dueAtMs <= this.#deps.clock.now()) this.wake();
    else if (this.#begun && !this.#stopped && dueAtMs < this.#dueAtMs) this.#set(dueAtMs);
  }

  /** Call when another process may have changed something. Looks once more when it is looking. */
  wake(): void {
    if (!this.#begun || this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#work();
  }

  /** Resolves when what was due when it was called has ended, or could not be. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Resolves when it has stopped. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  async #work(): Promise<void> {
    do {
      try {
        await this.#look();
        this.#failures = 0;
      } catch (error) {
        const told = `approvals that are due could not be looked at: ${errorText(error)}`;
        if (this.#failures === 0) this.#onError({ category: 'store_failure', error: told });
        if (!this.#stopped) this.#set(this.#deps.clock.now() + backoffMs(this.#failures));
        this.#failures += 1;
      }
    } while (this.#again && !this.#stopped);
    this.#running = undefined;
  }

  async #look(): Promise<void> {
    const { approvals, asking, deciding, clock } = this.#deps;
    this.#again = false;
    let next = Infinity;
    for (const kept of await approvals.waiting()) {
      if (this.#stopped) return;
      const { announced, createdAtMs, deadlineAtMs } = kept.approval;
      const nowMs = clock.now();
      const tellAtMs = announced ? Infinity : createdAtMs + ANNOUNCED_WITHIN_MS;
      try {
        if (deadlineAtMs <= nowMs) await deciding.expire(kept);
        else if (tellAtMs <= nowMs) await asking.announce(kept);
        else next = Math.min(next, deadlineAtMs, tellAtMs);
      } catch (error) {
        // Somebody else was quicker.
        if (!isMobError(error, 'MOB_CONFLICT')) throw error;
        next = Math.min(next, deadlineAtMs);
      }
      if (deadlineAtMs > nowMs) next = Math.min(next, deadlineAtMs);
    }
    if (!this.#stopped) this.#set(next);
  }

  #set(dueAtMs: number): void {
    this.#cancel();
    this.#dueAtMs = dueAtMs;
    if (dueAtMs === Infinity) return;
    const due = () => {
      this.#dueAtMs = Infinity;
      this.wake();
    };
    this.#cancel = this.#deps.clock.after(Math.max(dueAtMs - this.#deps.clock.now(), 0), due, {
      background: true,
    });
  }

  /** Verdicts that nobody asked for in a week. */
  async #forget(): Promise<void> {
    const { approvals, storage, clock } = this.#deps;
    const nowMs = clock.now();
    for (const kept of await approvals.decided()) {
      const { decidedAtMs = nowMs } = kept.approval.verdict ?? {};
      if (decidedAtMs + KEPT_DECIDED_MS > nowMs) continue;
      const { records, key } = toDelete(kept);
      await storage.records(records).delete(key);
    }
  }
}
