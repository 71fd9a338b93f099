import type { ScheduleTrigger } from '@mobkit/core/ops';

import { checkTimes } from '../tick/check-schedules.js';
import type { FireTimes } from '../time/fire-times.js';

/** Dates end at this many milliseconds. */
export const LAST_DATE_MS = 8_640_000_000_000_000;

/**
 * When the trigger of a schedule, or of none, is due; at no time that no date has.
 *
 * @throws MobError `MOB_SCHEDULE_INVALID` for an expression or a time zone that is none.
 */
export function triggerTimes(trigger: ScheduleTrigger, scheduleId?: string): FireTimes {
  const { nextAfter, latestAt } = timesOf(trigger, scheduleId);
  return {
    nextAfter(utcMs) {
      const nextMs = nextAfter(utcMs);
      return nextMs === undefined || nextMs > LAST_DATE_MS ? undefined : nextMs;
    },
    latestAt,
  };
}

function timesOf(trigger: ScheduleTrigger, scheduleId: string | undefined): FireTimes {
  switch (trigger.type) {
    case 'once':
      return onceTimes(trigger.dueAtMs);
    case 'interval':
      return intervalTimes(trigger);
    case 'cron': {
      const { expression: interval, timezone = 'UTC', jitterMs = 0 } = trigger;
      return checkTimes({ scheduleId, interval, timezone, jitterMs });
    }
  }
}

function onceTimes(dueAtMs: number): FireTimes {
  return {
    nextAfter: (utcMs) => (utcMs < dueAtMs ? dueAtMs : undefined),
    latestAt: (utcMs) => (utcMs < dueAtMs ? undefined : dueAtMs),
  };
}

function intervalTimes({
  startAtMs,
  everyMs,
  endAtMs = Infinity,
}: Extract<ScheduleTrigger, { type: 'interval' }>): FireTimes {
  const round = (utcMs: number) => startAtMs + Math.floor((utcMs - startAtMs) / everyMs) * everyMs;
  return {
    nextAfter(utcMs) {
      const nextMs = utcMs < startAtMs ? startAtMs : round(utcMs) + everyMs;
      return nextMs > endAtMs ? undefined : nextMs;
    },
    latestAt: (utcMs) => (utcMs < startAtMs ? undefined : round(Math.min(utcMs, endAtMs))),
  };
}
