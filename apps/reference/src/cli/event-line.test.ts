import { expect, it } from 'vitest';

import { eventLine } from './event-line.js';

it.each([
  [1_760_000_000_123, '08:53:20.123'],
  // Microseconds, in which a module may count.
  [1_760_000_000_123_456, '08:55:23.456'],
  [Number.MAX_SAFE_INTEGER, '--:--:--.---'],
])('[app.event-time] shows an event of the time %s, which a module may say', (timestamp_ms, time) => {
  const event = { kind: 'module', module: 'geo', event_type: 'ready' };
  expect(eventLine({ timestamp_ms, member_id: null, event })).toContain(` ${time} geo `);
});
