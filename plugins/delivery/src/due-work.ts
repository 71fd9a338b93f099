import { backoffMs, type Clock, type RecordStore, type StoredRecord } from '@mobkit/core';

/** How long what was handed out is ours before others may have it. */
const LEASE_MS = 60_000;

/** When a store whose clock is behind ours says that something was due before now, it is asked again after this time. */
const SHORTEST_PAUSE_MS = 250;

/**
 * What another process left behind is known to nobody here until the store is asked, and it may have ended without a word:
 * where several work on one store, each asks at least this often.
 */
const LONGEST_PAUSE_MS = 15_000;

interface DueWorkDeps {
  readonly records: RecordStore;
  readonly clock: Clock;
  /** Who asks, as leases show it. */
  readonly owner: string;
  /** How many are worked on at a time. */
  readonly slots: number;
  /** Whether others may work on the same records. */
  readonly shared: boolean;
  /** Works on one. What it throws goes to `onError`. */
  readonly work: (record: StoredRecord) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Works on records as they come due, sleeping until then. */
export class DueWork {
  readonly #deps: DueWorkDeps;
  readonly #held = new Set<() => void>();
  #running = false;
  #busy = 0;
  #asking = false;
  #asksAgain = false;
  #failures = 0;
  #wakesAtMs = Infinity;
  #cancelWaking = () => {};

  constructor(deps: DueWorkDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = true;
    this.wakeAt(this.#deps.clock.now());
  }

  /** Begins nothing more. What is being worked on goes on. */
  stop(): void {
    this.#running = false;
    this.#cancelWaking();
    for (const cancel of this.#held) cancel();
    this.#held.clear();
  }

  /** Has the store asked then at the latest. */
  wakeAt(atMs: number): void {
    if (!this.#running || atMs >= this.#wakesAtMs) return;
    const { clock } = this.#deps;
    this.#cancelWaking();
    const waitMs = atMs - clock.now();
    const wake = () => {
      this.#wakesAtMs = Infinity;
      void this.#ask();
    };
    if (waitMs <= 0) return wake();
    this.#wakesAtMs = atMs;
    this.#cancelWaking = clock.after(waitMs, wake, { background: true });
  }

  /** Works on a record that came by another way. */
  take(record: StoredRecord): void {
    this.#busy++;
    const work = async () => this.#deps.work(record);
    void work()
      .catch(this.#deps.onError)
      .finally(() => {
        // Asked only while there is room: what ends makes some.
        if (this.#busy-- >= this.#deps.slots) this.wakeAt(this.#deps.clock.now());
      });
  }

  async #ask(): Promise<void> {
    const { records, clock, owner, slots, shared, onError } = this.#deps;
    const limit = slots - this.#busy;
    if (limit <= 0) return;
    // The answer on its way may know nothing of what woke us.
    if (this.#asking) return void (this.#asksAgain = true);
    [this.#asking, this.#asksAgain] = [true, false];
    const latestMs = shared ? LONGEST_PAUSE_MS : Infinity;
    try {
      const claimed = await records.claimDue({ owner, leaseMs: LEASE_MS, limit });
      this.#failures = 0;
      // One that has stopped leaves them: their lease ends.
      if (!this.#running) return;
      for (const record of claimed.records) this.#takeWhenDue(record);
      const { nextDueAtMs = Infinity } = claimed;
      const pauseMs = claimed.records.length > 0 ? 0 : SHORTEST_PAUSE_MS;
      const nowMs = clock.now();
      const atMs = this.#asksAgain
        ? nowMs
        : Math.min(Math.max(nextDueAtMs, nowMs + pauseMs), nowMs + latestMs);
      this.#asking = false;
      this.wakeAt(atMs);
    } catch (error) {
      onError(error);
      this.#asking = false;
      this.wakeAt(clock.now() + backoffMs(this.#failures++));
    }
  }

  /** A store whose clock is ahead of ours hands out what is not due yet. */
  #takeWhenDue(record: StoredRecord): void {
    const { clock } = this.#deps;
    const earlyMs = (record.dueAtMs ?? 0) - clock.now();
    if (earlyMs <= 0) return this.take(record);
    const take = () => {
      this.#held.delete(cancel);
      this.take(record);
    };
    const cancel = clock.after(earlyMs, take, { background: true });
    this.#held.add(cancel);
  }
}
