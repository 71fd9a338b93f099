import { event } from '@mobkit/contract-kit';
import { deadLetterKey, deadLettersOver, MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { ProbedStorage } from '../test/support/probed-storage.js';
import { startRuntime, world } from '../test/support/start-runtime.js';

async function probed() {
  const here = await world();
  const probe = new ProbedStorage();
  return { probe, ...(await startRuntime({ storage: probe.over(here.storage) }, here)) };
}

it('[runtime.ready] is ready while the mob runs and the store takes writes, and not once it shuts down', async () => {
  const { runtime, mob, probe } = await probed();
  expect(await runtime.readiness()).toEqual({ ready: true, problems: [] });
  expect(probe.puts).toBe(1);
  mob.status = () => Promise.resolve('Stopped');
  expect(await runtime.readiness()).toEqual({ ready: false, problems: ['The mob is Stopped'] });
  await runtime.shutdown();
  expect(await runtime.readiness()).toEqual({ ready: false, problems: ['The runtime is shutting down'] });
});

it('[runtime.ready-disk] is not ready while the store takes no writes, says why, and is again when it does', async () => {
  const { runtime, probe, clock } = await probed();
  probe.answer = Promise.reject(new MobError('MOB_STORE_UNAVAILABLE', 'the disk is full'));
  expect(await runtime.readiness()).toEqual({
    ready: false,
    problems: ['The store takes no writes: the disk is full'],
  });
  probe.answer = Promise.resolve();
  clock.advance(1_000);
  expect(await runtime.readiness()).toEqual({ ready: true, problems: [] });
});

it('[runtime.ready-log] is not ready while no event reaches the log', async () => {
  const { runtime, sink } = await probed();
  const stats = sink.stats();
  sink.stats = () => ({ ...stats, failing: { sinceMs: 5, error: 'no route to host' } });
  expect(await runtime.readiness()).toEqual({
    ready: false,
    problems: ['No event reaches the log since 1970-01-01T00:00:00.005Z: no route to host'],
  });
});

it('[runtime.ready-cheap] writes once for all who ask at a time, and once a second at most', async () => {
  const { runtime, probe, clock } = await probed();
  const answers = await Promise.all(Array.from({ length: 100 }, () => runtime.readiness()));
  expect(answers.every(({ ready }) => ready)).toBe(true);
  clock.advance(999);
  await runtime.readiness();
  expect(probe.puts).toBe(1);
  clock.advance(1);
  await runtime.readiness();
  expect(probe.puts).toBe(2);
});

it('[runtime.ready-slow] waits two seconds for a store that does not answer, then tries anew, with three writes at most under way', async () => {
  const { runtime, probe, clock } = await probed();
  const notReady = { ready: false, problems: ['The store has not taken a write for 2000 ms'] };
  let answer = () => {};
  probe.answer = new Promise<void>((resolve) => (answer = resolve));
  const ask = async () => {
    const asked = runtime.readiness();
    clock.advance(2_000);
    const readiness = await asked;
    clock.advance(1_000);
    return readiness;
  };
  for (const puts of [1, 2, 3, 3]) {
    expect(await ask()).toEqual(notReady);
    expect(probe.puts).toBe(puts);
  }
  probe.answer = Promise.resolve();
  answer();
  // The three come back.
  await expect
    .poll(() => {
      clock.advance(1_000);
      return runtime.readiness();
    })
    .toEqual({ ready: true, problems: [] });
  expect(clock.waiting).toBe(0);
});

it('[runtime.ready-anew] is ready again while a write that was given up still waits', async () => {
  const { runtime, probe, clock } = await probed();
  probe.answer = new Promise<void>(() => {});
  const asked = runtime.readiness();
  clock.advance(2_000);
  expect((await asked).ready).toBe(false);
  probe.answer = Promise.resolve();
  clock.advance(1_000);
  expect(await runtime.readiness()).toEqual({ ready: true, problems: [] });
});

it('[runtime.query-pruned] refuses a cursor after which events were removed, with the oldest and the latest', async () => {
  const here = await world();
  const { eventLog } = here;
  const { runtime } = await startRuntime({ eventLog }, here);
  await eventLog.appendBatch(['a', 'b', 'c', 'd'].map((id) => event(id)));
  await eventLog.prune?.({ keep: 2 });
  await expect(runtime.queryEvents({ afterSeq: 1 })).rejects.toMatchObject({
    code: 'MOB_CURSOR_STALE',
    details: { afterSeq: 1, firstSeq: 3, lastSeq: 4 },
  });
  for (const query of [{ afterSeq: 2 }, { afterSeq: 0 }, {}]) {
    const page = await runtime.queryEvents(query);
    expect(page?.events.map(({ seq }) => seq)).toEqual([3, 4]);
  }
});

it('[runtime.dead-letters] lists what the event log refused, and nothing without a store of them', async () => {
  const here = await world();
  const deadLetters = await deadLettersOver(here.storage);
  const letter = { refusedAtMs: 1, error: 'too large', event: '{}' };
  for (const at of [1, 2]) await deadLetters.put({ key: deadLetterKey(at, 'x'), ...letter });
  const { runtime } = await startRuntime({ deadLetters }, here);
  const page = await runtime.deadLetters({ limit: 1 });
  expect(page).toEqual({ letters: [{ key: deadLetterKey(1, 'x'), ...letter }], more: true });
  const { runtime: without } = await startRuntime({}, here);
  expect(await without.deadLetters()).toBeUndefined();
});
