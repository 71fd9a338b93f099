import { expect, it } from 'vitest';

import { assemble } from './assemble.js';
import type { MobPlugin } from './plugin.js';
import type { Keeping, SlotSupports } from './slot-claim.js';
import { token } from './token.js';

const place = token<{ readonly supports?: SlotSupports }>('test.Place');
const other = token<object>('test.Other');

/** Fills `place` with a store that says `told` of itself, and says `keeping` of it before. */
function store(
  name: string,
  told: SlotSupports | undefined,
  keeping: Keeping = {},
  said: string[] = [],
): MobPlugin {
  return {
    name,
    register: (context) =>
      void context
        .provideResource({
          name,
          ...keeping,
          open: async () => (said.push('open'), { ...(told && { supports: told }) }),
          close: async () => void said.push('close'),
        })
        .fill(place, (opened) => opened),
  };
}

it('[door.claims] tells who claimed a slot and who holds it, with nothing open', () => {
  const said: string[] = [];
  const user: MobPlugin = {
    name: 'user',
    register(context) {
      context.provide(other, () => ({}), { keepsIn: place });
      context.contribute(token('test.Many'), () => said.push('made'));
    },
  };
  const app = assemble([store('first', undefined, {}, said), store('second', undefined, {}, said), user]);
  expect(app.claims()).toEqual([
    { plugin: 'first', token: place, holder: 'second' },
    { plugin: 'second', token: place, holder: 'second' },
    { plugin: 'user', token: other, holder: 'user', keepsIn: place },
    { plugin: 'user', token: token('test.Many') },
  ]);
  expect(said).toEqual([]);
});

it('[door.supports] takes the word of a plugin before its store is open, and that of the store after', async () => {
  const told = { durable: true, processes: 'many', cursor: 'strict' } as const;
  const app = assemble([store('foo', told, { supports: { durable: true } })]);
  expect(app.claims()[0]?.supports).toEqual({ durable: true });
  await app.start();
  expect(app.claims()[0]?.supports).toEqual(told);
  await app.stop();
});

it('[door.supports] does not take for the word of a store what is no such word', async () => {
  const odd = { supports: () => true } as object;
  const model: MobPlugin = {
    name: 'model',
    register: (context) =>
      void context
        .provideResource({ name: 'model', open: async () => odd, close: async () => {} })
        .fill(other, (opened) => opened),
  };
  const app = assemble([model]);
  await app.start();
  expect(app.claims()[0]).not.toHaveProperty('supports');
});

it('[door.supports-checked] starts nothing on a store that says otherwise than its plugin, and closes it', async () => {
  const said: string[] = [];
  const app = assemble([store('foo', { durable: false }, { supports: { durable: true } }, said)]);
  const wrong = { code: 'MOB_CONFIG_INVALID', details: { plugin: 'foo', field: 'supports.durable' } };
  await expect(app.start()).rejects.toMatchObject({ errors: [expect.objectContaining(wrong)] });
  expect(said).toEqual(['open', 'close']);
});

it('[door.supports] refuses a plugin that does not say with true or false whether its store is durable', () => {
  const said = { supports: { durable: 'no' } } as unknown as Keeping;
  expect(() => assemble([store('vague', undefined, said)])).toThrow(
    'The plugin "vague" does not say with true or false whether its store is `durable`',
  );
});

it('[door.supports-checked] compares what is made without being opened as well, when it is made', () => {
  const says = (durable: boolean) => ({ supports: { durable } });
  const made = (told: boolean): MobPlugin => ({
    name: 'made',
    register: ({ provide }) => provide(place, () => says(told), says(true)),
  });
  expect(() => assemble([made(false)]).container.resolve(place)).toThrow(
    'The plugin "made" says `durable: true` of its store, and the store itself false',
  );
  const app = assemble([{ name: 'silent', register: ({ provide }) => provide(place, () => says(false)) }]);
  app.container.resolve(place);
  expect(app.claims()).toEqual([expect.objectContaining({ plugin: 'silent', supports: { durable: false } })]);
});
