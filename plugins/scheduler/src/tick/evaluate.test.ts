import type { ScheduleDefinition } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { evaluateSchedules } from './evaluate.js';

const every = (scheduleId: string, more: Partial<ScheduleDefinition> = {}): ScheduleDefinition => ({
  scheduleId,
  interval: '*/1m',
  timezone: 'UTC',
  ...more,
});

const dueIds = (schedules: readonly ScheduleDefinition[], tickMs: number) =>
  evaluateSchedules(schedules, tickMs).dueTriggers.map(({ scheduleId }) => scheduleId);

it('[schedules.evaluate] finds what is due at exactly the tick, by id, and remembers nothing', () => {
  const schedules = [
    every('d', { interval: '*/1h' }),
    every('b', { interval: '*/1h', timezone: '+01:00' }),
    every('c', { interval: '*/30m', timezone: '+01:00' }),
    every('a', { interval: '*/1h', timezone: '-00:30' }),
    every('off', { enabled: false }),
  ];
  expect(dueIds(schedules, 3_600_000)).toEqual(['b', 'c', 'd']);
  expect(dueIds(schedules, 3_600_000)).toEqual(['b', 'c', 'd']);
  expect(dueIds(schedules, 3_600_001)).toEqual([]);
});

it('[schedules.evaluate] has a schedule with jitter due at one millisecond of each interval', () => {
  const jittered = [every('delivery-jitter', { jitterMs: 10_000 })];
  const due = Array.from({ length: 12_001 }, (_, at) => 60_000 + at).filter(
    (at) => dueIds(jittered, at).length > 0,
  );
  expect(due).toEqual([65_657]);
});

it.each<[given: Partial<ScheduleDefinition>, message: string, reason: string]>([
  [{ scheduleId: '  ' }, 'schedule_id must be a non-empty string', 'empty_schedule_id'],
  [{ interval: ' ' }, 'interval must be a non-empty string', 'empty_interval'],
  [{ interval: 'often ' }, "invalid interval 'often ' for schedule_id 'x'", 'invalid_interval'],
  [{ interval: '0 9 * *' }, "invalid interval '0 9 * *' for schedule_id 'x'", 'invalid_interval'],
  [{ interval: '0 0 31 2 *' }, "invalid interval '0 0 31 2 *' for schedule_id 'x'", 'invalid_interval'],
  [{ timezone: '\t' }, 'timezone must be a non-empty string', 'empty_timezone'],
  [{ timezone: ' Mars/Phobos' }, "invalid timezone ' Mars/Phobos' for schedule_id 'x'", 'invalid_timezone'],
  [{ jitterMs: -1 }, 'jitter_ms must be a u64', 'invalid_jitter_ms'],
  [{ interval: '', timezone: '' }, 'interval must be a non-empty string', 'empty_interval'],
])('[schedules.checked] refuses %j, of a disabled schedule, too', (given, message, reason) => {
  for (const enabled of [true, false]) {
    expect(() => evaluateSchedules([every('x', { ...given, enabled })], 0)).toThrow(
      expect.objectContaining({
        code: 'MOB_SCHEDULE_INVALID',
        message,
        details: expect.objectContaining({ reason }) as object,
      }) as Error,
    );
  }
});

it('[schedules.checked] refuses two schedules of one id, once they are trimmed, before it looks at the second', () => {
  expect(() => evaluateSchedules([every('x'), every(' x ', { interval: '' })], 0)).toThrow(
    expect.objectContaining({ message: "duplicate schedule_id 'x' is not allowed" }) as Error,
  );
});

it.each([-1, 0.5, NaN, 2 ** 53])('[schedules.checked] refuses the tick %d', (tickMs) => {
  expect(() => evaluateSchedules([], tickMs)).toThrow(
    expect.objectContaining({ code: 'MOB_SCHEDULE_INVALID' }) as Error,
  );
});
