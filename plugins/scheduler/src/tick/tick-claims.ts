import { isMobError, type RecordStore, type StoredRecord } from '@mobkit/core';

/** Each of them means that another process has moved the same schedule on. */
const MOST_TRIES = 64;

/** Up to when each schedule has fired, so that of all processes one claims an occurrence, and none an earlier one. */
export class TickClaims {
  readonly #records: RecordStore;

  constructor(records: RecordStore) {
    this.#records = records;
  }

  /** Undefined for a schedule that was never seen. */
  async firedUntil(scheduleId: string): Promise<number | undefined> {
    return untilOf(await this.#records.get(scheduleId));
  }

  /** Notes what counts as fired of a schedule that was never seen. */
  async begin(scheduleId: string, untilMs: number): Promise<void> {
    try {
      await this.#put(scheduleId, untilMs, 0);
    } catch (error) {
      // Another process has seen it, too.
      if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    }
  }

  /** False when that occurrence was claimed before, or a later one. */
  async claim(scheduleId: string, dueMs: number): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      const record = await this.#records.get(scheduleId);
      if ((untilOf(record) ?? -1) >= dueMs) return false;
      try {
        await this.#put(scheduleId, dueMs, record?.version ?? 0);
        return true;
      } catch (error) {
        if (!isMobError(error, 'MOB_CONFLICT') || tries === MOST_TRIES) throw error;
      }
    }
  }

  async #put(scheduleId: string, firedUntilMs: number, expectedVersion: number): Promise<void> {
    const record = { fields: { fired_until_ms: firedUntilMs }, data: JSON.stringify({ firedUntilMs }) };
    await this.#records.put(scheduleId, record, { expectedVersion });
  }
}

function untilOf(record: StoredRecord | undefined): number | undefined {
  return record && (JSON.parse(record.data) as { readonly firedUntilMs: number }).firedUntilMs;
}
