import { assemble, type Keeping, type MobPlugin, tokens } from '@mobkit/di';
import { storeMemory } from '@mobkit/store-memory/plugin';
import { expect, it } from 'vitest';

import { durabilityCard } from './durability-card.js';
import { durabilityLine } from './durability-lines.js';
import { expectDurable } from './require-durable.js';

const scheduler = (keeping?: Keeping): MobPlugin => ({
  name: 'schedules',
  register: (context) => context.provide(tokens.scheduler, () => JSON.parse('{}'), keeping),
});
const bold: MobPlugin = {
  name: 'bold',
  register: (context) =>
    context.provide(tokens.storage, () => JSON.parse('{}'), { supports: { durable: true } }),
};
const card = (plugins: readonly MobPlugin[], silent: 'unknown' | 'process lifetime' = 'unknown') =>
  durabilityCard(assemble(plugins).claims(), silent);

it('[door.card] takes how long a slot is kept from what keeps it in the end', () => {
  const keeps = scheduler({ keepsIn: tokens.storage });
  const last = { slot: 'schedules', plugin: 'schedules' };
  expect(card([storeMemory(), keeps]).at(-1)).toEqual({
    ...last,
    durability: 'process lifetime',
    keptBy: 'store-memory',
  });
  // Another store takes the slot, and nobody else has said anything.
  expect(card([storeMemory(), keeps, bold]).at(-1)).toEqual({
    ...last,
    durability: 'durable',
    keptBy: 'bold',
  });
});

it('[door.card] believes nobody who says nothing', () => {
  const silent = { slot: 'schedules', plugin: 'schedules' };
  expect(card([bold, scheduler()])).toEqual([{ ...silent, durability: 'unknown' }]);
  expect(card([bold, scheduler()], 'process lifetime')).toEqual([
    { ...silent, durability: 'process lifetime' },
  ]);
  // In a circle, and in a slot that nobody fills.
  const circle = scheduler({ keepsIn: tokens.scheduler });
  expect(card([circle])).toEqual([{ ...silent, durability: 'unknown' }]);
  expect(card([scheduler({ keepsIn: tokens.sessionStore })])).toEqual([{ ...silent, durability: 'unknown' }]);
});

it('[door.card] is one line: that all is durable, or what is not and whose that is', () => {
  expect(durabilityLine(card([bold, scheduler({ keepsIn: tokens.storage })]))).toBe(
    'All that is kept is durable, in bold',
  );
  expect(durabilityLine(card([storeMemory(), scheduler()], 'process lifetime'))).toBe(
    'Gone when this process ends: events, labels, managed wires (store-memory); schedules (schedules does not say that it keeps it anywhere)',
  );
});

it('[door.require-durable] refuses by name what is volatile, and what nobody speaks for once all are asked', () => {
  const plugins = [storeMemory(), scheduler()];
  const slots = [
    { slot: 'events', plugin: 'store-memory', kept_by: 'store-memory' },
    { slot: 'labels', plugin: 'store-memory', kept_by: 'store-memory' },
    { slot: 'managed_wires', plugin: 'store-memory', kept_by: 'store-memory' },
  ];
  const refused = (given: object[]) =>
    expect.objectContaining({ code: 'mobkit/not-durable', details: { slots: given } });
  expect(() => expectDurable(card(plugins))).toThrow(refused(slots));
  expect(() => expectDurable(card(plugins, 'process lifetime'))).toThrow(
    refused([...slots, { slot: 'schedules', plugin: 'schedules' }]),
  );
  expect(() => expectDurable(card([bold, scheduler()]))).not.toThrow();
});
