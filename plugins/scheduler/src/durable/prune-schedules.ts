import { type Clock, isMobError, type RecordStore, type Storage, type StoredRecord } from '@mobkit/core';
import type { Schedule } from '@mobkit/core/ops';

import type { ScheduleTables } from '../schedule-tables.js';
import { isDeclared } from './declare-schedules.js';
import { isOver, OCCURRENCES_KEPT } from './occurrence.js';
import { readOccurrence, readSchedule } from './schedule-records.js';

/** Schedules of one look. */
const PAGE = 64;

export interface PruneSchedulesDeps {
  readonly storage: Storage;
  readonly tables: ScheduleTables;
  readonly clock: Clock;
  /** How long a schedule that is over is kept after the last thing that happened to it. */
  readonly retentionMs: number;
  /** The ids of what is declared here, which stays though somebody has deleted it, or taken the label of declared ones off. */
  readonly declared: ReadonlySet<string>;
  readonly onBroken: (scheduleId: string, error: unknown) => void;
}

/** Removes schedules that have been over for long enough, each with its occurrences in one commit. */
export async function pruneSchedules(deps: PruneSchedulesDeps, signal: AbortSignal): Promise<void> {
  const { storage, tables, clock, retentionMs, declared, onBroken } = deps;
  const schedules = storage.records(tables.schedules);
  const beforeMs = clock.now() - retentionMs;
  for (let afterKey: string | undefined, more = true; more && !signal.aborted;) {
    const page = await schedules.list({
      where: { phase: ['completed', 'deleted'] },
      limit: PAGE,
      ...(afterKey !== undefined && { afterKey }),
    });
    for (const record of page.records) {
      if (signal.aborted) return;
      if (declared.has(record.key)) continue;
      try {
        if (isForgettable(readSchedule(record), beforeMs)) await forget(deps, record, beforeMs);
      } catch (error) {
        if (isMobError(error)) throw error;
        onBroken(record.key, error);
      }
    }
    ({ more } = page);
    afterKey = page.records.at(-1)?.key;
  }
}

/** One that is declared would be created anew at the next start, and what it had would be judged as missed. */
function isForgettable(schedule: Schedule, beforeMs: number): boolean {
  if (schedule.phase === 'completed' && isDeclared(schedule)) return false;
  return Math.max(schedule.updatedAtMs, schedule.lastDueAtMs ?? 0) < beforeMs;
}

async function forget(
  { storage, tables }: PruneSchedulesDeps,
  { key, version }: StoredRecord,
  beforeMs: number,
): Promise<void> {
  const occurrences = await occurrencesOf(storage.records(tables.occurrences), key);
  // It may be over long before its last occurrence is.
  const kept = occurrences.map(readOccurrence).some(({ phase, completedAtMs = Infinity }) => {
    return !isOver(phase) || completedAtMs >= beforeMs;
  });
  if (kept) return;
  const deletes = [
    { records: tables.schedules, key, expectedVersion: version },
    ...occurrences.map((one) => ({ records: tables.occurrences, key: one.key })),
  ];
  try {
    await storage.commit({ deletes });
  } catch (error) {
    // Its id has been taken again, or another process forgets it.
    if (!isMobError(error, 'MOB_CONFLICT')) throw error;
  }
}

async function occurrencesOf(occurrences: RecordStore, scheduleId: string): Promise<readonly StoredRecord[]> {
  const { records } = await occurrences.list({
    where: { schedule_id: scheduleId },
    limit: OCCURRENCES_KEPT,
  });
  return records;
}
