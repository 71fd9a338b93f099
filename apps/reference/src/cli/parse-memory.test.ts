import { userInfo } from 'node:os';

import { expect, it } from 'vitest';

import { parseArguments } from './parse-arguments.js';

const common = { name: 'memory', state: '.mobkit', json: false };

it('[memory.arguments] reads what is asked of the memory, in the name of this user where nobody is named', () => {
  const parse = (...args: readonly string[]) => parseArguments(['memory', ...args]);
  expect(parse('stores', '--json')).toEqual({ ...common, json: true, action: 'stores' });
  expect(parse('query', 'down', '--entity', 'e', '--in', 'todo')).toEqual({
    ...common,
    action: 'query',
    text: 'down',
    entity: 'e',
    in: 'todo',
  });
  expect(parse('index', 'e', 't', '--conflict', 'why')).toEqual({
    ...common,
    action: 'index',
    entity: 'e',
    topic: 't',
    conflict: 'why',
  });
  expect(parse('resolve', 'e', 't')).toMatchObject({ by: userInfo().username });
  expect(parse('delete', 'id', '--by', 'ann', '--reason', 'r')).toEqual({
    ...common,
    action: 'delete',
    assertionId: 'id',
    by: 'ann',
    reason: 'r',
  });
});

it.each([
  [['forget'], 'memory does not know "forget"'],
  [['index', 'e'], 'memory index needs 2 arguments'],
  [['index', 'e', 't'], 'needs a FACT, or --conflict'],
  [['query', 'a', 'b'], 'memory query does not take "b"'],
  [['stores', '--in', 'todo'], 'memory stores does not take --in'],
])('[memory.arguments] refuses %j', (args, message) => {
  expect(() => parseArguments(['memory', ...args])).toThrow(
    expect.objectContaining({
      code: 'mobkit/usage',
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});
