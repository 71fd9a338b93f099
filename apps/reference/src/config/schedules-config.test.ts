import { expect, it } from 'vitest';

import { parseAppConfig } from './app-config.js';

const scheduleOf = (given: object) => {
  const schedules = [{ id: 's', every_ms: 1_000, member: 'lead', message: 'Hello', ...given }];
  return parseAppConfig({ schedules }, 'mobkit.config.toml').schedules[0];
};

it('[schedules.config] takes what goes together', () => {
  expect(scheduleOf({})).toMatchObject({ scheduleId: 's' });
  expect(scheduleOf({ grace_ms: 5 })).toMatchObject({ misfire: { type: 'skip', graceMs: 5 } });
  expect(scheduleOf({ misfire: 'all', window_ms: 7 })).toMatchObject({ misfire: { windowMs: 7 } });
});

it.each([
  [{ misfire: 'all' }, 'misfire "all" needs window_ms'],
  [{ misfire: 'one', grace_ms: 5 }, 'grace_ms goes with misfire "skip"'],
  [{ window_ms: 5 }, 'window_ms goes with misfire "all"'],
  [{ params: { a: 1 } }, 'params goes with flow, module and function'],
  [{ method: 'sweep' }, 'method goes with module'],
  [{ member: undefined, flow: 'triage' }, 'message goes with member'],
])('[schedules.config] refuses what would be read over: %j', (given, message) => {
  expect(() => scheduleOf(given)).toThrow(message);
});
