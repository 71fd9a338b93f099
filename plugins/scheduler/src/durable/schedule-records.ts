import type { NewRecord, StoredRecord } from '@mobkit/core';
import type { Schedule, ScheduleOccurrence } from '@mobkit/core/ops';

export function scheduleRecord(schedule: Schedule): NewRecord {
  const { phase, target, nextDueAtMs } = schedule;
  return {
    fields: { phase, target: target.kind },
    data: JSON.stringify(schedule),
    ...(phase === 'active' && nextDueAtMs !== undefined && { dueAtMs: nextDueAtMs }),
  };
}

export function readSchedule({ data }: StoredRecord): Schedule {
  return JSON.parse(data) as Schedule;
}

/** @param takeUpAtMs - When somebody may take it up; absent: never, as it is over. */
export function occurrenceRecord(occurrence: ScheduleOccurrence, takeUpAtMs?: number): NewRecord {
  const { scheduleId, phase, dueAtMs } = occurrence;
  const live = takeUpAtMs === undefined ? {} : { live: 1 };
  return {
    fields: { schedule_id: scheduleId, phase, occurs_at_ms: dueAtMs, ...live },
    data: JSON.stringify(occurrence),
    ...(takeUpAtMs !== undefined && { dueAtMs: takeUpAtMs }),
  };
}

export function readOccurrence({ data }: StoredRecord): ScheduleOccurrence {
  return JSON.parse(data) as ScheduleOccurrence;
}

/** Sorts with those of the same schedule by ordinal. */
export function occurrenceId(scheduleId: string, ordinal: number): string {
  return `${scheduleId}:${ordinal.toString().padStart(12, '0')}`;
}
