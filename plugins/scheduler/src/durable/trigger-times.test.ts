import { expect, it } from 'vitest';

import { triggerTimes } from './trigger-times.js';

const LAST_DATE_MS = 8_640_000_000_000_000;

it.each([
  { type: 'interval', startAtMs: 1_000, everyMs: Number.MAX_SAFE_INTEGER },
  { type: 'interval', startAtMs: 1_000, everyMs: LAST_DATE_MS },
  { type: 'cron', expression: '*/1000000000d' },
] as const)('[schedules.last-date] is never due at a time that no date has: %j', (trigger) => {
  expect(triggerTimes(trigger, 's').nextAfter(1_772_000_000_000)).toBeUndefined();
});
