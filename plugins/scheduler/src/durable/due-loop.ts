import { backoffMs, type Clock, delay, type RecordStore, type StoredRecord } from '@mobkit/core';

export interface DueLoopDeps {
  readonly records: RecordStore;
  readonly owner: string;
  /** How long what was handed out is ours, unless it is put before. */
  readonly leaseMs: number;
  readonly clock: Clock;
  /** Resolves when there is room for more. */
  readonly room: () => Promise<void>;
  /** Puts every record it is given, one way or the other. What it throws is told and tried again when the leases are over. */
  readonly take: (records: readonly StoredRecord[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Records taken at a time. */
const BATCH = 32;

/**
 * Nobody tells of what another process has put. It does what it put by itself; this is for when it died before it could, and for
 * a machine that slept.
 */
const SAFETY_MS = 60_000;

/** The store's clock is behind ours, if nothing is due yet that should be. */
const SKEWED_MS = 1_000;

/** Takes records as they become due. Between two of them it sleeps, however many there are. */
export class DueLoop {
  readonly #deps: DueLoopDeps;
  readonly #ending = new AbortController();
  #sleeping = new AbortController();
  #woken = false;
  #ended: Promise<void> | undefined;

  constructor(deps: DueLoopDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#ended = this.#run();
  }

  /** Something may be due earlier than it was. */
  wake(): void {
    this.#woken = true;
    this.#sleeping.abort();
  }

  /** Takes nothing more; resolves when nothing is being taken. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    let failures = 0;
    let early = 0;
    while (!signal.aborted) {
      this.#woken = false;
      let sleepMs: number;
      try {
        const { took, dueInMs } = await this.#takeDue(signal);
        failures = 0;
        early = took || dueInMs > 0 ? 0 : early + 1;
        // It may have become due while we asked.
        sleepMs = early > 1 ? Math.min(2 ** early, SKEWED_MS) : dueInMs;
      } catch (error) {
        if (failures === 0) this.#deps.onError(error);
        sleepMs = backoffMs(failures);
        failures += 1;
      }
      await this.#sleep(sleepMs);
    }
  }

  async #takeDue(signal: AbortSignal): Promise<{ readonly took: boolean; readonly dueInMs: number }> {
    const { records, owner, leaseMs, clock, room, take } = this.#deps;
    await room();
    if (signal.aborted) return { took: true, dueInMs: 0 };
    const { records: due, nextDueAtMs = Infinity } = await records.claimDue({ owner, leaseMs, limit: BATCH });
    if (due.length > 0) await take(due);
    const dueInMs = Math.min(Math.max(nextDueAtMs - clock.now(), 0), SAFETY_MS);
    // What was put back may be due already.
    return due.length > 0 ? { took: true, dueInMs: 0 } : { took: false, dueInMs };
  }

  async #sleep(ms: number): Promise<void> {
    if (ms === 0 || this.#woken) return;
    this.#sleeping = new AbortController();
    await delay(this.#deps.clock, ms, this.#sleeping.signal, { background: true });
  }
}
