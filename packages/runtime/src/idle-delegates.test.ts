import { setImmediate as turn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { startRuntime } from '../test/support/start-runtime.js';

const LABEL = 'implicit_delegate_idle_retire_secs';

async function start(idleRetireMs?: number) {
  const delegates = idleRetireMs === undefined ? {} : { idleRetireMs };
  const here = await startRuntime({ delegates });
  const child = await here.engine.makeChild('helpers');
  return { ...here, child, names: () => child.members().map(({ identity }) => identity) };
}

/** Lets news of members come through. */
async function settle() {
  for (let at = 0; at < 20; at += 1) await turn();
}

it('[runtime.idle-delegates] retires a member that an agent made when it was idle for so long, whatever it did before', async () => {
  const { child, clock, names, runtime } = await start(10_000);
  await child.spawn({ identity: 'd', profile: 'worker' });
  await settle();
  clock.advance(9_000);
  await child.send('d', 'work');
  clock.advance(9_000);
  expect(names()).toEqual(['d']);
  clock.advance(1_000);
  await settle();
  expect(names()).toEqual([]);
  await runtime.shutdown();
  expect(clock.waiting).toBe(0);
});

it('[runtime.idle-working] never retires one that works, also when its work began before it was heard of', async () => {
  const { child, clock, names, runtime } = await start(10_000);
  await child.spawn({ identity: 'd', profile: 'worker' });
  await child.send('d', 'hang');
  await settle();
  clock.advance(60_000);
  await settle();
  expect(names()).toEqual(['d']);
  await runtime.shutdown();
});

it('[runtime.idle-labels] lets a label say how long, or never; of the mob itself only those with a label', async () => {
  const { child, mob, clock, names, runtime } = await start(10_000);
  for (const [identity, label] of [
    ['never', 'disabled'],
    ['soon', '2'],
    ['unread', 'soon'],
  ] as const) {
    await child.spawn({ identity, profile: 'worker', labels: { [LABEL]: label } });
  }
  await mob.spawn({ identity: 'kept', profile: 'worker' });
  await mob.spawn({ identity: 'labelled', profile: 'worker', labels: { [LABEL]: '2' } });
  await settle();
  clock.advance(2_000);
  await settle();
  expect([names(), mob.members().map(({ identity }) => identity)]).toEqual([['never', 'unread'], ['kept']]);
  clock.advance(8_000);
  await settle();
  expect(names()).toEqual(['never']);
  await runtime.shutdown();
});

it('[runtime.idle-failure] tells of one that cannot be retired, and tries again as long afterwards', async () => {
  const { child, clock, names, told, runtime } = await start(10_000);
  await child.spawn({ identity: 'd', profile: 'worker' });
  await settle();
  const { retire } = child;
  child.retire = () => Promise.reject(new Error('store away'));
  clock.advance(10_000);
  await settle();
  expect(told).toEqual([
    {
      category: 'retire_failure',
      memberId: 'd',
      error: 'd of helpers is idle and could not be retired: store away',
    },
  ]);
  child.retire = retire;
  clock.advance(10_000);
  await settle();
  expect(names()).toEqual([]);
  await runtime.shutdown();
});
