import {
  backoffMs,
  type Clock,
  delay,
  type ErrorHook,
  errorText,
  isMobError,
  type SessionRow,
  type SessionStore,
} from '@mobkit/core';

import { type SessionState, says } from './session-row-of.js';

/** What a row writer is made from. */
export interface RowWriterDeps {
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly onError: ErrorHook;
  /** Called when all is written that waited, and some had been left out. */
  readonly onLeftOut: () => void;
}

/** Rows of one append. */
const BATCH = 256;

/** Sessions that wait at most; beyond it the oldest are left out, and what is kept is compared again afterwards. */
const MAX_WAITING = 4_096;

/** What is back is noticed after this time. */
const LONGEST_PAUSE_MS = 30_000;

/** Writes what becomes of sessions, one row of each at a time: of several that wait the newest. */
export class RowWriter {
  readonly #deps: RowWriterDeps;
  readonly #waiting = new Map<string, SessionRow>();
  /** When the last row of a session that was seen is from. */
  readonly #last = new Map<string, SessionRow>();
  readonly #ending = new AbortController();
  #writing: Promise<void> | undefined;
  #downSinceMs: number | undefined;
  #leftOut = false;
  #comparing = false;

  constructor(deps: RowWriterDeps) {
    this.#deps = deps;
  }

  /** Rows that are not written yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Notes what became of a session, to be written soon. Its row is later than the one before, however the clock goes. */
  note(state: SessionState): void {
    const before = this.#last.get(state.sessionId);
    if (before && says(before, state)) return;
    const row = this.#put(state, before);
    // An archived one never comes back. While both sides are compared, what was read of it before must not bring it back.
    if (row.deleted && !this.#comparing) this.#last.delete(row.sessionId);
    else this.#last.set(row.sessionId, row);
  }

  /** Tells what the store has of a session, and what was read of it: what was noted meanwhile counts more. */
  compare(kept: SessionRow | undefined, read: SessionState): void {
    const noted = this.#last.get(read.sessionId);
    if (noted) {
      if (kept) this.seen(kept);
      return;
    }
    const row = kept && says(kept, read) ? kept : this.#put(read, kept);
    if (!row.deleted) this.#last.set(row.sessionId, row);
  }

  /** Tells what the store has of a session: whatever is noted of it is later, however the clock goes. */
  seen(kept: SessionRow): void {
    const noted = this.#last.get(kept.sessionId);
    if (!noted) this.#last.set(kept.sessionId, kept);
    else if (kept.updatedAtMs >= noted.updatedAtMs && !says(kept, noted)) {
      this.#last.set(kept.sessionId, kept);
      this.note(noted);
    }
  }

  /** Until `compared` is called. */
  comparing(): void {
    this.#comparing = true;
  }

  compared(): void {
    this.#comparing = false;
    for (const { sessionId, deleted } of this.#last.values()) if (deleted) this.#last.delete(sessionId);
  }

  /** Resolves when there is room for more than a few, or after it was ended. */
  async room(): Promise<void> {
    if (this.#waiting.size > MAX_WAITING / 2) await this.settled();
  }

  /** Tells that the store cannot be read either, once until something works again. */
  failed(error: unknown): void {
    if (this.#downSinceMs !== undefined) return;
    this.#downSinceMs = this.#deps.clock.now();
    this.#deps.onError({ category: 'session_rows_failure', error: errorText(error) });
  }

  worked(): void {
    if (this.#downSinceMs === undefined) return;
    const downMs = Math.max(0, this.#deps.clock.now() - this.#downSinceMs);
    this.#downSinceMs = undefined;
    this.#deps.onError({ category: 'session_rows_recovered', downMs });
  }

  /** Resolves when nothing waits, or after it was ended. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Lets nothing be tried again. */
  end(): void {
    this.#ending.abort();
  }

  #put(state: SessionState, before: SessionRow | undefined): SessionRow {
    const updatedAtMs = Math.max(this.#deps.clock.now(), (before?.updatedAtMs ?? -1) + 1);
    const { sessionId, deleted, payload, labels } = state;
    const row = { sessionId, updatedAtMs, deleted, payload, labels };
    // Last in the order of the map: the oldest go first.
    this.#waiting.delete(sessionId);
    this.#waiting.set(sessionId, row);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) {
      this.#waiting.delete(oldest);
      this.#last.delete(oldest);
      this.#leftOut = true;
    }
    this.#write();
    return row;
  }

  #write(): void {
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    const { sessions, clock } = this.#deps;
    // Never in the turn of whoever noted it.
    await Promise.resolve();
    for (let failures = 0; this.#waiting.size > 0 && !this.#ending.signal.aborted;) {
      const rows = [...this.#waiting.values()].slice(0, BATCH);
      try {
        await sessions.append(rows);
        for (const row of rows) this.#written(row);
        failures = 0;
        this.worked();
      } catch (error) {
        this.failed(error);
        if (rows.length > 1 && !mayTakeLater(error) && (await this.#writeEach(rows))) failures = 0;
        const pause = backoffMs(Math.min(failures, 20), LONGEST_PAUSE_MS);
        await delay(clock, pause, this.#ending.signal);
        failures += 1;
      }
    }
    // In one go with having seen that nothing waits: what is noted next begins anew.
    this.#writing = undefined;
    if (!this.#leftOut || this.#ending.signal.aborted) return;
    this.#leftOut = false;
    this.#deps.onLeftOut();
  }

  /**
   * Writes what can be written of rows that are refused together, so that one that never will be holds up no other; it waits
   * behind them. Returns whether any was written.
   */
  async #writeEach(rows: readonly SessionRow[]): Promise<boolean> {
    let any = false;
    for (const row of rows) {
      if (this.#ending.signal.aborted) break;
      try {
        await this.#deps.sessions.append([row]);
        this.#written(row);
        any = true;
      } catch (error) {
        if (mayTakeLater(error)) break;
        if (this.#waiting.get(row.sessionId) !== row) continue;
        this.#waiting.delete(row.sessionId);
        this.#waiting.set(row.sessionId, row);
      }
    }
    return any;
  }

  #written(row: SessionRow): void {
    if (this.#waiting.get(row.sessionId) === row) this.#waiting.delete(row.sessionId);
  }
}

/** What a store says of an outage, and not of a row. */
function mayTakeLater(error: unknown): boolean {
  return isMobError(error) && error.retryable;
}
