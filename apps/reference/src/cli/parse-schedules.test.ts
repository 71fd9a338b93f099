import { expect, it } from 'vitest';

import { parseArguments } from './parse-arguments.js';

const add = (...args: string[]) => parseArguments(['schedules', 'add', 's', '--every', '1h', ...args]);

it('[schedules.arguments] takes what goes together', () => {
  expect(add('--module', 'tools', '--method', 'sweep', '--params', '{"deep":true}')).toMatchObject({
    schedule: {
      schedule_id: 's',
      trigger: { type: 'interval', every_ms: 3_600_000 },
      target: { kind: 'module', module_id: 'tools', method: 'sweep', params: { deep: true } },
    },
  });
});

it.each([
  [['--flow', 'f', '--message', 'Hello'], '--message goes with --member'],
  [['--function', 'f', '--method', 'sweep'], '--method goes with --module'],
  [['--member', 'm', '--message', 'Hello', '--params', '1'], '--params goes with'],
])('[schedules.arguments] refuses what would be read over: %j', (args, said) => {
  expect(() => add(...args)).toThrow(said);
});
