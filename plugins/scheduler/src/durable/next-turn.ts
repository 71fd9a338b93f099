import { type Clock, isMobError, type RecordStore } from '@mobkit/core';
import type { Schedule } from '@mobkit/core/ops';

import { readSchedule, scheduleRecord } from './schedule-records.js';

/** Each of them means that another process has written of the schedule meanwhile. */
const MOST_TRIES = 16;

export interface NextTurnDeps {
  readonly schedules: RecordStore;
  readonly clock: Clock;
  /** Called when a schedule is due that may have waited. */
  readonly onDue: () => void;
}

/** Whether an occurrence of this schedule may wait until the one before it is over. */
export function isAwaited({ misfire, overlap }: Pick<Schedule, 'misfire' | 'overlap'>): boolean {
  return misfire.type === 'all' && overlap === 'skip_if_running';
}

/**
 * Gives the next occurrence of a schedule its turn, one having ended. Written also when nobody has it wait yet: whoever is about to
 * has looked before the end, and has to look again.
 */
export async function nextTurn({ schedules, clock, onDue }: NextTurnDeps, scheduleId: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const record = await schedules.get(scheduleId);
    if (!record) return;
    const schedule = readSchedule(record);
    if (schedule.phase !== 'active' || (schedule.nextDueAtMs ?? Infinity) > clock.now()) return;
    try {
      await schedules.put(scheduleId, scheduleRecord(schedule), { expectedVersion: record.version });
      return onDue();
    } catch (error) {
      if (!isMobError(error, 'MOB_CONFLICT') || tries === MOST_TRIES) throw error;
    }
  }
}
