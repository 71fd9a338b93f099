import { expect, it } from 'vitest';

import { parseArguments } from './parse-arguments.js';

const common = { name: 'routes', state: '.mobkit', json: false };

it('[routing.arguments] reads what is to be done about routes, limits as numbers', () => {
  const parse = (...args: readonly string[]) => parseArguments(['routes', ...args]);
  expect(parse('--json')).toEqual({ ...common, json: true, action: 'list' });
  expect(parse('add', 'k', '--to', '*', '--sink', 'log', '--module', 'm', '--retry-max', '0')).toEqual({
    ...common,
    action: 'add',
    route: { route_key: 'k', recipient: '*', sink: 'log', target_module: 'm', retry_max: 0 },
  });
  expect(parse('delete', 'k')).toEqual({ ...common, action: 'delete', routeKey: 'k' });
  expect(parse('resolve', 'ops', '--channel', 'alert', '--backoff-ms', '5', '--rate-limit', '9')).toEqual({
    ...common,
    action: 'resolve',
    asked: { recipient: 'ops', channel: 'alert', backoff_ms: 5, rate_limit_per_minute: 9 },
  });
});

it.each([
  [['forget'], 'routes does not know "forget"'],
  [['add', 'k', '--sink', 'log'], 'routes add needs --to and --sink'],
  [['delete'], 'routes delete needs the key of a route'],
  [['list', 'all'], 'routes list does not take "all"'],
  [['resolve', 'ops', '--sink', 'log'], 'routes resolve does not take --sink'],
  [['resolve', 'ops', '--retry-max', 'two'], '--retry-max is not a whole number: "two"'],
])('[routing.arguments] refuses %j', (args, message) => {
  expect(() => parseArguments(['routes', ...args])).toThrow(
    expect.objectContaining({
      code: 'mobkit/usage',
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});

it('[routing.arguments] knows one module to serve', () => {
  expect(parseArguments(['module', 'router', 'mob.toml'])).toEqual({
    name: 'module',
    module: 'router',
    mobFile: 'mob.toml',
  });
  expect(() => parseArguments(['module', 'clock'])).toThrow('There is no module "clock"');
});
