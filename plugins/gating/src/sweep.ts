import { backoffMs, type Clock, type ErrorHook, errorText, isMobError } from '@mobkit/core';

import type { Approvals, KeptApproval } from './approvals.js';
import type { Asking } from './asking.js';
import type { Deciding } from './deciding.js';

/** A notice that has not been told of after this long died with its process. */
const ANNOUNCED_WITHIN_MS = 60_000;

/** What was decided about a call that nobody asks about any more is kept as long. */
const KEPT_DECIDED_MS = 7 * 86_400_000;

export interface SweepDeps {
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
  #telling: Promise<void> | undefined;
  #tellAgainAtMs = 0;

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
    await Promise.all([this.#running, this.#telling]);
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
    const { approvals, deciding, clock } = this.#deps;
    this.#again = false;
    let next = Infinity;
    let untold: KeptApproval | undefined;
    for (const kept of await approvals.waiting()) {
      if (this.#stopped) return;
      const { announced, createdAtMs, deadlineAtMs } = kept.approval;
      const nowMs = clock.now();
      if (deadlineAtMs <= nowMs) {
        // Else somebody was quicker, and it is looked at again.
        if (!(await unlessChanged(deciding.expire(kept)))) next = Math.min(next, deadlineAtMs);
        continue;
      }
      next = Math.min(next, deadlineAtMs);
      const tellAtMs = Math.max(createdAtMs + ANNOUNCED_WITHIN_MS, this.#tellAgainAtMs);
      if (announced) continue;
      if (tellAtMs <= nowMs) untold ??= kept;
      else next = Math.min(next, tellAtMs);
    }
    if (this.#stopped) return;
    this.#set(next);
    if (untold) this.#telling ??= this.#tell(untold);
  }

  /** Beside everything else: no start and no deadline waits for whoever carries a notice. Never rejects. */
  async #tell(kept: KeptApproval): Promise<void> {
    const { asking, clock } = this.#deps;
    try {
      await unlessChanged(asking.announce(kept));
    } catch (error) {
      this.#tellAgainAtMs = clock.now() + ANNOUNCED_WITHIN_MS;
      const told = `how the notice about an approval went could not be kept: ${errorText(error)}`;
      this.#onError({ category: 'store_failure', error: told });
    }
    this.#telling = undefined;
    // For the next one.
    this.wake();
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
    const { approvals, clock } = this.#deps;
    const nowMs = clock.now();
    for (const kept of await approvals.decided()) {
      const { decidedAtMs = nowMs } = kept.approval.verdict ?? {};
      if (decidedAtMs + KEPT_DECIDED_MS > nowMs) continue;
      await unlessChanged(approvals.remove(kept));
    }
  }
}

/** Whether it could be done: somebody else was quicker otherwise. */
async function unlessChanged(done: Promise<void>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (isMobError(error, 'MOB_CONFLICT')) return false;
    throw error;
  }
}
