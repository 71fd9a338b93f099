import { type Clock, isMobError, type RecordStore, type StoredRecord } from '@mobkit/core';

/** Each of them means that another process has moved the same schedule on. */
const MOST_TRIES = 64;

export interface TickClaimsDeps {
  readonly ticks: RecordStore;
  readonly clock: Clock;
  /** What no tick has named for so long is forgotten. */
  readonly retentionMs: number;
}

/** Up to when each schedule has fired, so that of all processes one claims an occurrence, and none an earlier one. */
export class TickClaims {
  readonly #deps: TickClaimsDeps;

  constructor(deps: TickClaimsDeps) {
    this.#deps = deps;
  }

  /** Undefined for a schedule that is not known. Whoever asks names it. */
  async firedUntil(scheduleId: string): Promise<number | undefined> {
    const { ticks, clock, retentionMs } = this.#deps;
    const record = await ticks.get(scheduleId);
    if (!record) return undefined;
    const { firedUntilMs, namedAtMs = -Infinity } = readTick(record);
    if (clock.now() - namedAtMs > retentionMs / 2) await this.#note(scheduleId, firedUntilMs, record.version);
    return firedUntilMs;
  }

  /** Notes what counts as fired of a schedule that was never seen. */
  begin(scheduleId: string, untilMs: number): Promise<void> {
    return this.#note(scheduleId, untilMs, 0);
  }

  /** False when that occurrence was claimed before, or a later one. */
  async claim(scheduleId: string, dueMs: number): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      const record = await this.#deps.ticks.get(scheduleId);
      if (record && readTick(record).firedUntilMs >= dueMs) return false;
      try {
        await this.#put(scheduleId, dueMs, record?.version ?? 0);
        return true;
      } catch (error) {
        if (!isMobError(error, 'MOB_CONFLICT') || tries === MOST_TRIES) throw error;
      }
    }
  }

  /** Unless another process has written of it meanwhile, which is as good. */
  async #note(scheduleId: string, firedUntilMs: number, expectedVersion: number): Promise<void> {
    try {
      await this.#put(scheduleId, firedUntilMs, expectedVersion);
    } catch (error) {
      if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    }
  }

  async #put(scheduleId: string, firedUntilMs: number, expectedVersion: number): Promise<void> {
    const { ticks, clock } = this.#deps;
    const tick: Tick = { firedUntilMs, namedAtMs: clock.now() };
    const record = { fields: { fired_until_ms: firedUntilMs }, data: JSON.stringify(tick) };
    await ticks.put(scheduleId, record, { expectedVersion });
  }
}

interface Tick {
  readonly firedUntilMs: number;
  /** Absent: an earlier version kept it, and no tick has named it since. */
  readonly namedAtMs?: number;
}

export function readTick({ data }: StoredRecord): Tick {
  return JSON.parse(data) as Tick;
}
