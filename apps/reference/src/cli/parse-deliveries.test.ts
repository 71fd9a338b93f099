import { expect, it } from 'vitest';

import { parseArguments } from './parse-arguments.js';

const common = { name: 'deliveries', state: '.mobkit', json: false };

it('[delivery.arguments] reads which deliveries are asked for, and which is to be sent again', () => {
  const parse = (...args: readonly string[]) => parseArguments(['deliveries', ...args]);
  expect(parse()).toEqual({ ...common, action: 'list', dead: false });
  expect(parse('--dead', '--sink', 'log', '--recipient', 'ops', '--json')).toEqual({
    ...common,
    json: true,
    action: 'list',
    dead: true,
    sink: 'log',
    recipient: 'ops',
  });
  expect(parse('--limit', '5')).toMatchObject({ action: 'list', limit: 5 });
  expect(parse('redrive', 'd-1', '--state', 'there')).toEqual({
    ...common,
    state: 'there',
    action: 'redrive',
    deliveryId: 'd-1',
  });
});

it.each([
  [['resend', 'd-1'], 'deliveries does not know "resend"'],
  [['redrive'], 'deliveries redrive needs the id of a delivery'],
  [['redrive', 'd-1', '--dead'], 'deliveries redrive does not take --dead'],
  [['redrive', 'd-1', '--sink', 'log'], 'deliveries redrive does not take --sink'],
  [['redrive', 'd-1', '--limit', '5'], 'deliveries redrive does not take --limit'],
  [['--limit', '0'], '--limit 0 is not a whole number from 1'],
  [['redrive', 'd-1', 'd-2'], 'deliveries does not take "d-2"'],
])('[delivery.arguments] refuses %j', (args, message) => {
  expect(() => parseArguments(['deliveries', ...args])).toThrow(
    expect.objectContaining({
      code: 'mobkit/usage',
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});
