import type { ScheduleDefinition, ScheduleDue, ScheduleEvaluation } from '@mobkit/core/ops';

import { checkSchedules, checkTick } from './check-schedules.js';

/** As `ScheduleEvaluator.evaluate`: needs no store, and nothing that is open. */
export function evaluateSchedules(
  schedules: readonly ScheduleDefinition[],
  tickMs: number,
): ScheduleEvaluation {
  checkTick(tickMs);
  const dueTriggers = checkSchedules(schedules)
    .filter(({ enabled, times }) => enabled && times.latestAt(tickMs) === tickMs)
    .map(({ scheduleId, interval, timezone }) => ({ scheduleId, interval, timezone, dueTickMs: tickMs }))
    .toSorted(compareDue);
  return { tickMs, dueTriggers };
}

/** By due time, id, interval and time zone. */
export function compareDue(one: ScheduleDue, other: ScheduleDue): number {
  return (
    one.dueTickMs - other.dueTickMs ||
    compare(one.scheduleId, other.scheduleId) ||
    compare(one.interval, other.interval) ||
    compare(one.timezone, other.timezone)
  );
}

/** By code point, which is the order of the bytes in UTF-8. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  const [left, right] = [Array.from(one), Array.from(other)];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1) return -1;
  return (left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1);
}
