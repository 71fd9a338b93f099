import { MobError } from '@mobkit/core';
import type { ScheduleDefinition, ScheduleProblem } from '@mobkit/core/ops';

import type { FireTimes } from '../time/fire-times.js';
import { parseInterval, scheduleTimes } from '../time/schedule-times.js';
import { findTimeZone } from '../time/time-zone.js';

/** A definition that was checked. */
export interface CheckedSchedule {
  /** Trimmed. */
  readonly scheduleId: string;
  /** As it was given, as the time zone. */
  readonly interval: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly catchUp: boolean;
  readonly times: FireTimes;
}

/** An id is part of the key of a record. */
const LONGEST_ID = 200;

/** @throws MobError `MOB_SCHEDULE_INVALID`: for the first that is wrong, by id, duplicate, interval, time zone, jitter. */
export function checkSchedules(schedules: readonly ScheduleDefinition[]): readonly CheckedSchedule[] {
  const seen = new Set<string>();
  return schedules.map((schedule) => {
    const { interval, timezone, jitterMs = 0, enabled = true, catchUp = false } = schedule;
    const scheduleId = checkScheduleId(schedule.scheduleId);
    if (seen.has(scheduleId)) {
      throw invalid('duplicate_schedule_id', `duplicate schedule_id '${scheduleId}' is not allowed`, {
        scheduleId,
      });
    }
    seen.add(scheduleId);
    const times = checkTimes({ scheduleId, interval, timezone, jitterMs });
    return { scheduleId, interval, timezone, enabled, catchUp, times };
  });
}

/** @throws MobError `MOB_SCHEDULE_INVALID`. */
export function checkTick(tickMs: number): void {
  if (Number.isSafeInteger(tickMs) && tickMs >= 0) return;
  throw invalid('invalid_tick_ms', 'tick_ms must be a whole number from 0 to 9007199254740991 (2^53 - 1)');
}

/** Answers it trimmed. @throws MobError `MOB_SCHEDULE_INVALID`. */
function checkScheduleId(given: string): string {
  const scheduleId = given.trim();
  if (scheduleId === '') throw invalid('empty_schedule_id', 'schedule_id must be a non-empty string');
  // Its key has to be one every store takes.
  if (scheduleId.length <= LONGEST_ID && !/[\0\p{Surrogate}]/u.test(scheduleId)) return scheduleId;
  throw invalid(
    'empty_schedule_id',
    `schedule_id must be well-formed text of at most ${LONGEST_ID} characters`,
  );
}

interface GivenTimes {
  /** Absent: they are of no schedule. */
  readonly scheduleId?: string | undefined;
  readonly interval: string;
  readonly timezone: string;
  readonly jitterMs: number;
}

/** @throws MobError `MOB_SCHEDULE_INVALID`. */
export function checkTimes({ scheduleId, interval, timezone, jitterMs }: GivenTimes): FireTimes {
  const about = scheduleId === undefined ? {} : { scheduleId };
  const of = scheduleId === undefined ? '' : ` for schedule_id '${scheduleId}'`;
  if (interval.trim() === '') throw invalid('empty_interval', 'interval must be a non-empty string', about);
  const parsed = parseInterval(interval);
  if (!parsed)
    throw invalid('invalid_interval', `invalid interval '${interval}'${of}`, { ...about, interval });
  if (timezone.trim() === '') throw invalid('empty_timezone', 'timezone must be a non-empty string', about);
  const zone = findTimeZone(timezone);
  if (!zone) throw invalid('invalid_timezone', `invalid timezone '${timezone}'${of}`, { ...about, timezone });
  if (!Number.isSafeInteger(jitterMs) || jitterMs < 0) {
    throw invalid('invalid_jitter_ms', 'jitter_ms must be a u64', about);
  }
  return scheduleTimes(parsed, zone, { scheduleId: scheduleId ?? '', jitterMs });
}

const FIELDS: Readonly<Record<ScheduleProblem, string>> = {
  empty_schedule_id: 'schedule_id',
  duplicate_schedule_id: 'schedule_id',
  empty_interval: 'interval',
  invalid_interval: 'interval',
  empty_timezone: 'timezone',
  invalid_timezone: 'timezone',
  invalid_jitter_ms: 'jitter_ms',
  invalid_tick_ms: 'tick_ms',
};

function invalid(reason: ScheduleProblem, message: string, details: object = {}): MobError {
  return new MobError('MOB_SCHEDULE_INVALID', message, {
    details: { reason, field: FIELDS[reason], ...details },
  });
}
