import { expect, it } from 'vitest';

import { schedules } from '../commands/schedules.js';
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
  [['--flow', 'f', '--misfire', 'all'], '--misfire is none of skip, one and all:2h'],
  [['--flow', 'f', '--misfire', 'all:soon'], '--misfire has no duration as'],
])('[schedules.arguments] refuses what would be read over: %j', (args, said) => {
  expect(() => add(...args)).toThrow(said);
});

it('[schedules.arguments] reads within which time everything is made up for', () => {
  expect(add('--flow', 'f', '--misfire', 'all:2h')).toMatchObject({
    schedule: { misfire: { type: 'all', window_ms: 7_200_000 } },
  });
});

it('[schedules.next-refused] says of an expression what is wrong with it, and of no schedule', async () => {
  const next = async (...args: string[]) => {
    const command = parseArguments(['schedules', 'next', ...args]);
    if (command.name !== 'schedules') throw new Error('not a command of schedules');
    return schedules(command);
  };
  for (const [args, said] of [
    [['whenever'], /^schedules next: invalid interval 'whenever': it is neither as/],
    [['*/5m', '--timezone', 'Mars/Phobos'], /^schedules next: invalid timezone 'Mars\/Phobos'$/],
    [[], /^schedules next needs an interval or a cron expression$/],
  ] as const) {
    await expect(next(...args)).rejects.toMatchObject({
      code: 'mobkit/usage',
      message: expect.stringMatching(said),
    });
  }
});
