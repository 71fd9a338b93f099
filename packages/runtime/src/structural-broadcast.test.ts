import { setImmediate as turn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { startRuntime, world } from '../test/support/start-runtime.js';

const LONGER_THAN_ANY_PAUSE_MS = 10_001;

/** A runtime whose ledger can be followed only while it is not `down`, with what a listener was told. */
async function unsteady() {
  const here = await world();
  const state = { down: false, attempts: 0, cut: () => {} };
  here.engine.prepare = (mob) => {
    const tail = mob.events.tail.bind(mob.events);
    mob.events.tail = async function* (options) {
      state.attempts += 1;
      const stop = new AbortController();
      state.cut = () => stop.abort();
      if (!state.down) yield* tail({ ...options, signal: stop.signal });
      throw new Error('connection lost');
    };
  };
  const started = await startRuntime({}, here);
  const seen: number[] = [];
  started.runtime.onMobEvent(({ cursor }) => void seen.push(cursor));
  const goDown = async () => {
    state.down = true;
    state.cut();
    await turn();
  };
  const pass = async (ms: number) => {
    started.clock.advance(ms);
    await turn();
  };
  return { ...started, state, seen, goDown, pass };
}

it('[runtime.broadcast-recovers] goes on where it was when the store answers again, and says once that it failed', async () => {
  const { mob, told, seen, state, goDown, pass } = await unsteady();
  await mob.events.append({ type: 'mob_reset' });
  await turn();
  await goDown();
  await mob.events.append({ type: 'mob_reset' });
  for (let attempt = 0; attempt < 4; attempt += 1) await pass(LONGER_THAN_ANY_PAUSE_MS);
  expect(state.attempts).toBe(5);
  expect(seen).toEqual([2]);
  state.down = false;
  await pass(LONGER_THAN_ANY_PAUSE_MS);
  expect(seen).toEqual([2, 3]);
  expect(told).toEqual([
    { category: 'store_failure', error: 'structural events are not told: connection lost' },
  ]);
});

it('tells of another failure after it has held for a while', async () => {
  const { told, state, goDown, pass } = await unsteady();
  await goDown();
  state.down = false;
  await pass(LONGER_THAN_ANY_PAUSE_MS);
  await pass(LONGER_THAN_ANY_PAUSE_MS);
  await goDown();
  expect(told).toHaveLength(2);
});

it('waits longer after each failure, so that a store that is down is not hammered', async () => {
  const { state, goDown, pass } = await unsteady();
  await goDown();
  for (let tenth = 0; tenth < 600; tenth += 1) await pass(100);
  expect(state.attempts).toBeGreaterThan(9);
  expect(state.attempts).toBeLessThan(25);
});

it('goes on at the end of a ledger that was pruned while it could not be read, and says so', async () => {
  const { mob, told, seen, state, goDown, pass } = await unsteady();
  await goDown();
  await mob.events.append({ type: 'mob_reset' }, { type: 'mob_reset' });
  await mob.events.log.prune({ keep: 1 });
  state.down = false;
  await pass(LONGER_THAN_ANY_PAUSE_MS);
  expect(told.at(-1)).toMatchObject({ error: expect.stringContaining('3 to 3 are kept') as unknown });
  await pass(LONGER_THAN_ANY_PAUSE_MS);
  await mob.events.append({ type: 'mob_completed' });
  await turn();
  expect(seen).toEqual([4]);
});

it('tells the other listeners when one throws', async () => {
  const { runtime, mob } = await startRuntime();
  runtime.onMobEvent(() => {
    throw new Error('listener broke');
  });
  const told = new Promise<number>((resolve) => runtime.onMobEvent(({ cursor }) => resolve(cursor)));
  await mob.events.append({ type: 'mob_reset' });
  expect(await told).toBe(2);
  expect((await runtime.shutdown()).errors).toEqual([expect.stringContaining('listener broke')]);
});
