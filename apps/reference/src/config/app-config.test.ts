import { expect, it } from 'vitest';

import { parseAppConfig } from './app-config.js';

const parse = (eventLog: object) => parseAppConfig({ event_log: eventLog }, 'mobkit.config.toml');

it('[app.config-bounds] takes a size and an age at the ends of what they may be', () => {
  expect(parse({ batch_size: 0 }).eventLog).toEqual({ batchSize: 0 });
  expect(parse({ batch_size: 2_048 }).eventLog).toEqual({ batchSize: 2_048 });
  expect(parse({ retain_days: 0.001 }).retention).toEqual({ days: 0.001 });
  expect(parse({ retain_days: 36_500 }).retention).toEqual({ days: 36_500 });
});

it.each([
  ['batch_size', 2_049],
  ['batch_size', -1],
  ['batch_size', 1.5],
  ['retain_days', 0],
  ['retain_days', -1],
  ['retain_days', 36_501],
])('[app.config-bounds] refuses %s = %d by its name', (field, value) => {
  const named = expect.stringContaining(`event_log.${field}`) as string;
  expect(() => parse({ [field]: value })).toThrow(
    expect.objectContaining({ code: 'MOB_CONFIG_INVALID', message: named }),
  );
});

it('[memory.config] takes how many assertions are kept, within what can be', () => {
  const parseMemory = (memory: object) => parseAppConfig({ memory }, 'mobkit.config.toml').memory;
  expect(parseMemory({ max_assertions: 100 })).toEqual({ maxAssertions: 100 });
  expect(parseMemory({})).toEqual({});
  expect(() => parseMemory({ max_assertions: 0 })).toThrow('memory.max_assertions');
});
