import { MobError, type Storage } from '@mobkit/core';
import { expect, it } from 'vitest';

import { startRuntime, world } from '../test/support/start-runtime.js';
import { bootstrapRuntime } from './bootstrap-runtime.js';
import type { RuntimeParts } from './runtime-parts.js';

const down = () => Promise.reject(new MobError('MOB_STORE_UNAVAILABLE', 'down', { retryable: true }));

it.each(['engine', 'definition', 'storage', 'metadata'])(
  '[runtime.missing-part] refuses to start without %s, by its name',
  async (field) => {
    const { parts, engine } = await world();
    await expect(bootstrapRuntime({ ...parts, [field]: undefined })).rejects.toMatchObject({
      code: 'MOB_CONFIG_INVALID',
      message: `missing required builder field: ${field}`,
      details: { field },
    });
    expect(engine.opened).toEqual([]);
  },
);

it('refuses a drain timeout that is none', async () => {
  const { parts } = await world();
  await expect(bootstrapRuntime({ ...parts, drainTimeoutMs: -1 })).rejects.toThrow(TypeError);
});

it('[runtime.start-last] lets members work when everything stands, and sees what they do first', async () => {
  const here = await world();
  here.engine.prepare = (mob) => void mob.send('worker-1', 'hello');
  const { runtime, mob, sink } = await startRuntime({}, here);
  expect(mob.calls).toEqual(['start']);
  expect(sink.stats().accepted).toBe(3);
  expect(runtime.openReport).toMatchObject({ resumed: false });
  expect(await runtime.status()).toEqual({
    running: true,
    mobId: 'demo',
    mobState: 'Running',
    loadedModules: [],
    errorEvents: { delivered: 0, failed: 0, dropped: 0 },
  });
});

it('[runtime.epoch] begins an epoch of its own at each start, also of two at once', async () => {
  const here = await world();
  const runtimes = await Promise.all([
    startRuntime({}, here),
    startRuntime({}, here),
    startRuntime({}, here),
  ]);
  const epochs = runtimes.map(({ runtime }) => {
    try {
      runtime.agentEvents({ after: { epoch: 9, n: 0 } });
      return undefined;
    } catch (error) {
      return (error as MobError).details['latest'];
    }
  });
  expect(epochs.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
    { epoch: 1, n: 0 },
    { epoch: 2, n: 0 },
    { epoch: 3, n: 0 },
  ]);
});

it.each<[step: string, broken: (here: Awaited<ReturnType<typeof world>>) => Partial<RuntimeParts>]>([
  ['preparing its records', ({ storage }) => ({ storage: broken(storage, { prepare: down }) })],
  ['opening the mob', () => ({ engine: { open: down } })],
])('[runtime.rollback] opens nothing when %s fails, and passes the error on', async (_step, breakIt) => {
  const here = await world();
  await expect(bootstrapRuntime({ ...here.parts, ...breakIt(here) })).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
  });
  expect(here.engine.opened).toEqual([]);
  expect(here.clock.waiting).toBe(0);
});

it('[runtime.rollback] stops the mob once, without a turn, when a later step fails', async () => {
  const here = await world();
  here.engine.prepare = (mob) => {
    void mob.send('worker-1', 'hello');
    mob.events.latestCursor = down;
  };
  await expect(bootstrapRuntime(here.parts)).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  expect(here.engine.opened.map(({ calls }) => calls)).toEqual([['shutdown 0']]);
  expect(here.sink.stats().accepted).toBe(0);
});

it('stops following the ledger when the mob cannot start', async () => {
  const here = await world();
  let following = 0;
  here.engine.prepare = (mob) => {
    const tail = mob.events.tail.bind(mob.events);
    mob.events.tail = async function* (options) {
      following += 1;
      try {
        yield* tail(options);
      } finally {
        following -= 1;
      }
    };
    mob.start = () => {
      throw new Error('cannot start');
    };
  };
  await expect(bootstrapRuntime(here.parts)).rejects.toThrow('cannot start');
  expect(following).toBe(0);
  expect(here.engine.opened[0]?.calls).toEqual(['shutdown 0']);
});

it('[runtime.rollback-errors] reports the start error first and what went wrong while undoing after it', async () => {
  const here = await world();
  here.engine.prepare = (mob) => {
    mob.events.latestCursor = down;
    mob.stopErrors = ['stuck'];
  };
  await expect(bootstrapRuntime(here.parts)).rejects.toMatchObject({
    code: 'MOB_ROLLBACK_FAILED',
    cause: { code: 'MOB_STORE_UNAVAILABLE' },
    details: {
      startCode: 'MOB_STORE_UNAVAILABLE',
      rollbackErrors: ['The mob did not stop cleanly: stuck'],
    },
  });
});

it('leaves no doubt about an epoch whose start failed', async () => {
  const here = await world();
  await expect(startRuntime({ hooks: { preSpawn: down } }, here)).rejects.toThrow('down');
  const { runtime, mob } = await startRuntime({}, here);
  const stream = runtime.agentEvents({ after: { epoch: 1, n: 0 } });
  mob.act('worker-1', { type: 'text_delta', delta: 'a' });
  for await (const item of stream) {
    expect(item).toMatchObject({ type: 'event', event: { stream: { epoch: 2, n: 1 } } });
    break;
  }
});

function broken(storage: Storage, how: Partial<Storage>): Storage {
  return {
    supports: storage.supports,
    prepare: (definitions) => storage.prepare(definitions),
    log: (definition, partition) => storage.log(definition, partition),
    records: (definition) => storage.records(definition),
    contents: () => storage.contents(),
    commit: (write) => storage.commit(write),
    ...how,
  };
}
