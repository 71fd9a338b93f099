import { expect, it } from 'vitest';

import { assemble } from './assemble.js';
import type { MobPlugin } from './plugin.js';
import { token } from './token.js';

const color = token<string>('test.Color');
const shape = token<string>('test.Shape');

function plugin(name: string, register: MobPlugin['register']): MobPlugin {
  return { name, register };
}

/** Fills both slots with its name and notes when it is opened and closed. */
function paintBox(name: string, said: string[] = []): MobPlugin {
  return plugin(name, (context) => {
    context
      .provideResource({
        name,
        open: async () => (said.push(`${name}+`), { name }),
        close: async () => void said.push(`${name}-`),
      })
      .fill(color, (box) => box.name)
      .fill(shape, (box) => box.name);
  });
}

it('[di.order] opens a resource on start and closes it on stop', async () => {
  const said: string[] = [];
  const app = assemble([paintBox('oil', said)]);
  expect(() => app.container.resolve(color)).toThrow('"oil" is not open');
  await app.start();
  expect(app.container.resolve(color)).toBe('oil');
  await app.stop();
  expect(() => app.container.resolve(color)).toThrow('"oil" is not open');
  expect(said).toEqual(['oil+', 'oil-']);
});

it('[di.last-claim] lets the last claim win and never opens a loser', async () => {
  const said: string[] = [];
  const app = assemble([paintBox('oil', said), paintBox('chalk', said)]);
  await app.start();
  expect(app.container.resolve(shape)).toBe('chalk');
  expect(said).toEqual(['chalk+']);
});

it('opens a resource that lost only some of its slots', async () => {
  const app = assemble([paintBox('oil'), plugin('red', (context) => context.provide(color, () => 'red'))]);
  await app.start();
  expect([app.container.resolve(color), app.container.resolve(shape)]).toEqual(['red', 'oil']);
});

it('[di.collect] collects contributions in plugin order, none when nobody contributed', () => {
  const collected: (readonly string[])[] = [];
  assemble([
    plugin('red', (context) => context.contribute(color, () => 'red')),
    plugin('blue', (context) => context.contribute(color, () => 'blue')),
    plugin('reader', (context) => collected.push(context.collect(color), context.collect(shape))),
  ]);
  expect(collected).toEqual([['red', 'blue'], []]);
});

it('opens a resource that only contributes', async () => {
  const app = assemble([
    paintBox('oil'),
    plugin('brush', (context) => {
      context
        .provideResource({ name: 'brush', open: async () => 'round', close: async () => {} })
        .contribute(shape, (brush) => brush);
    }),
    plugin('reader', (context) => context.provide(color, () => context.collect(shape).join())),
  ]);
  await app.start();
  expect(app.container.resolve(color)).toBe('oil,round');
});

it('[di.names] refuses two plugins of one name', () => {
  expect(() => assemble([paintBox('oil'), paintBox('oil')])).toThrow('"oil" is listed twice');
});

it('opens in the order listed, so that what comes later finds what it uses open', async () => {
  const app = assemble([
    paintBox('oil'),
    plugin('frame', (context) => {
      context
        .provideResource({
          name: 'frame',
          open: async () => `frame of ${context.container.resolve(color)}`,
          close: async () => {},
        })
        .fill(shape, (frame) => frame);
    }),
  ]);
  await app.start();
  expect(app.container.resolve(shape)).toBe('frame of oil');
});

it('makes a provided value once, when it is first asked for', () => {
  let made = 0;
  const app = assemble([plugin('red', (context) => context.provide(color, () => `red ${(made += 1)}`))]);
  expect(made).toBe(0);
  expect([app.container.resolve(color), app.container.resolve(color)]).toEqual(['red 1', 'red 1']);
});

it('keeps two apps apart, and agrees with another copy of the package on tokens', () => {
  const [one, other] = [paintBox('oil'), plugin('none', () => {})].map((each) => assemble([each]));
  expect(one?.container.isRegistered(color)).toBe(true);
  expect(other?.container.isRegistered(color)).toBe(false);
  expect(token('test.Color')).toBe(color);
});
