import { setImmediate as turn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { startRuntime, world } from '../test/support/start-runtime.js';
import type { StructuralEvent } from './structural-event.js';

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

it('[runtime.broadcast-gap] tells a gap where events were pruned while it could not read, and goes on with what is left', async () => {
  const { runtime, mob, told, state, goDown, pass } = await unsteady();
  const events: StructuralEvent[] = [];
  runtime.onMobEvent((event) => void events.push(event));
  await goDown();
  await mob.events.append({ type: 'mob_reset' }, { type: 'mob_reset' });
  await mob.events.log.prune({ keep: 1 });
  state.down = false;
  await pass(LONGER_THAN_ANY_PAUSE_MS);
  expect(told.at(-1)).toMatchObject({ error: expect.stringContaining('3 to 3 are kept') as unknown });
  await pass(LONGER_THAN_ANY_PAUSE_MS);
  await mob.events.append({ type: 'mob_completed' });
  await turn();
  expect(events.map(({ eventId, kind }) => `${eventId} ${kind}`)).toEqual([
    'mob-evt-gap-1-2 stream_gap',
    'mob-evt-3 mob_reset',
    'mob-evt-4 mob_completed',
  ]);
  const gap = { type: 'stream_gap', reason: 'pruned', after_cursor: 1, resumed_after: 2 };
  expect(events[0]).toMatchObject({ cursor: 2, mobId: 'demo', data: gap });
});

it('[runtime.broadcast-resumes] goes on from the cursor that the runtime before it kept, also after a crash', async () => {
  const here = await world();
  const cursors = (seen: StructuralEvent[]) => seen.map(({ cursor }) => cursor);
  const first: StructuralEvent[] = [];
  const { runtime, mob } = await startRuntime({ onMobEvent: (event) => void first.push(event) }, here);
  await runtime.drain();
  expect(cursors(first)).toEqual([1]);
  await runtime.shutdown();
  await mob.events.append({ type: 'mob_reset' });
  const second: StructuralEvent[] = [];
  const later: number[] = [];
  const { runtime: crashed } = await startRuntime({ onMobEvent: (event) => void second.push(event) }, here);
  crashed.onMobEvent(({ cursor }) => void later.push(cursor));
  await crashed.drain();
  expect({ second: cursors(second), later }).toEqual({ second: [2], later: [] });
  // No shutdown, and no second has passed: the cursor was not written, and the event comes again.
  const third: StructuralEvent[] = [];
  const { runtime: again } = await startRuntime({ onMobEvent: (event) => void third.push(event) }, here);
  await again.drain();
  expect(cursors(third)).toEqual([2]);
});

it('[runtime.cursors-batched] writes how far it came once a second, not with every event, and tries again when that fails', async () => {
  const here = await world();
  const writes: number[] = [];
  const { metadata } = here;
  let down = false;
  const counted = {
    ...metadata,
    setSubscriptionCursor: async (mobId: string, cursor: number) => {
      writes.push(cursor);
      if (down) throw new Error('disk full');
      await metadata.setSubscriptionCursor(mobId, cursor);
    },
  };
  const { runtime, mob, clock, told } = await startRuntime({ metadata: counted }, here);
  for (let n = 0; n < 20; n += 1) await mob.events.append({ type: 'mob_reset' });
  await runtime.drain();
  expect(writes).toEqual([]);
  down = true;
  for (let second = 0; second < 3; second += 1) {
    clock.advance(1_000);
    await turn();
  }
  down = false;
  clock.advance(1_000);
  await turn();
  expect(writes).toEqual([21, 21, 21, 21]);
  expect(await metadata.subscriptionCursor('demo')).toBe(21);
  expect(told).toEqual([
    { category: 'store_failure', error: 'cursors of structural events are not kept: disk full' },
  ]);
});

it('[runtime.broadcast-beyond] goes on at the end of a ledger that is shorter than what was told of it, and says so', async () => {
  const here = await world();
  await here.metadata.setSubscriptionCursor('demo', 40);
  const seen: StructuralEvent[] = [];
  const { told, clock, mob, runtime } = await startRuntime(
    { onMobEvent: (event) => void seen.push(event) },
    here,
  );
  await turn();
  clock.advance(LONGER_THAN_ANY_PAUSE_MS);
  await turn();
  await mob.events.append({ type: 'mob_reset' });
  await runtime.drain();
  expect(seen.map(({ eventId }) => eventId)).toEqual(['mob-evt-gap-40-1', 'mob-evt-2']);
  const error = expect.stringContaining('structural events are missing') as unknown;
  expect(told).toEqual([{ category: 'store_failure', error }]);
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
