import { getEventListeners } from 'node:events';

import { discoveryOf, MobError, type Storage } from '@mobkit/core';
import { afterEach, expect, it } from 'vitest';

import { ChildModules } from '../test/support/child-modules.js';
import { startRuntime, type World, world } from '../test/support/start-runtime.js';
import type { RuntimeParts } from './runtime-parts.js';

const down = () => Promise.reject(new MobError('MOB_STORE_UNAVAILABLE', 'down', { retryable: true }));

const started: ChildModules[] = [];
afterEach(async () => {
  for (const modules of started.splice(0)) await modules.shutdown({ deadlineMs: 0 });
});

type Break = (here: World, modules: ChildModules) => Partial<RuntimeParts>;

/** Every step of the bootstrap, and what makes it fail. */
const steps: [step: string, fail: Break][] = [
  ['preparing records', ({ storage }) => ({ storage: changed(storage, { prepare: down }) })],
  ['beginning an epoch', ({ storage }) => ({ storage: changed(storage, { records: noPut(storage) }) })],
  ['opening the mob', () => ({ engine: { open: down } })],
  [
    'following the ledger',
    ({ engine }) => ((engine.prepare = (mob) => void (mob.events.latestCursor = down)), {}),
  ],
  ['starting modules', (_, modules) => ((modules.refused = 'second'), {})],
  ['reading labels', ({ metadata }) => ((metadata.labels = down), {})],
  ['the pre-spawn hook', () => ({ hooks: { preSpawn: down } })],
  ['starting the work', ({ engine }) => ((engine.prepare = (mob) => void (mob.start = cannot)), {})],
];

it.each(steps)('[runtime.rollback-each] leaves nothing when %s fails', async (_step, fail) => {
  const here = await world();
  const modules = new ChildModules(['first', 'second']);
  started.push(modules);
  let following = 0;
  const given = fail(here, modules);
  const { prepare } = here.engine;
  here.engine.prepare = (mob) => {
    const tail = mob.events.tail.bind(mob.events);
    mob.events.tail = async function* (options) {
      following += 1;
      yield* tail(options);
      following -= 1;
    };
    prepare(mob);
  };
  await expect(startRuntime({ modules, ...given }, here)).rejects.toMatchObject({ name: 'MobError' });
  expect(here.engine.opened.flatMap(({ calls }) => calls)).toEqual(
    here.engine.opened.length === 0 ? [] : ['shutdown 0'],
  );
  expect({ following, timers: here.clock.waiting, processes: modules.pids }).toEqual({
    following: 0,
    timers: 0,
    processes: [],
  });
  expect(here.told).toEqual([]);
});

it('[runtime.modules] starts modules when the mob stands, and ends them when its agents have ended', async () => {
  const modules = new ChildModules(['router', 'delivery']);
  started.push(modules);
  const { runtime, mob } = await startRuntime({ modules });
  expect((await runtime.status()).loadedModules).toEqual(['delivery', 'router']);
  expect(modules.pids).toHaveLength(2);
  mob.shutdown = async () => {
    expect(modules.calls).toEqual(['start']);
    return { interrupted: [], errors: [] };
  };
  const { moduleShutdown } = await runtime.shutdown();
  expect(moduleShutdown).toEqual({ terminatedModules: ['delivery', 'router'], orphanProcesses: 0 });
  expect(modules.calls).toEqual(['start', 'shutdown 30000']);
});

it('[runtime.rollback-cancelled] undoes a start that is given up at whatever step', async () => {
  for (const place of ['prepare', 'labels', 'modules', 'hook'] as const) {
    const here = await world();
    const modules = new ChildModules(['first']);
    started.push(modules);
    const stopping = new AbortController();
    const stopAt = (at: string) => void (at === place && stopping.abort());
    const { storage, metadata } = here;
    const parts = {
      modules,
      storage: changed(storage, { prepare: (given) => (stopAt('prepare'), storage.prepare(given)) }),
      metadata: {
        ...metadata,
        labels: async (scope: Parameters<typeof metadata.labels>[0]) => {
          stopAt('labels');
          return metadata.labels(scope);
        },
      },
      hooks: { preSpawn: () => stopAt('hook') },
    };
    const start = modules.start.bind(modules);
    modules.start = async (options) => {
      stopAt('modules');
      await start(options);
    };
    await expect(startRuntime(parts, here, { signal: stopping.signal })).rejects.toMatchObject({
      code: 'MOB_SHUTTING_DOWN',
    });
    expect({ place, pids: modules.pids, timers: here.clock.waiting }).toEqual({ place, pids: [], timers: 0 });
    expect(here.engine.opened.flatMap(({ calls }) => calls)).not.toContain('start');
  }
});

it('[runtime.rollback-spawn] takes back whom a spawn of many left when it failed as a whole, and lets go of the signal', async () => {
  const here = await world();
  here.engine.prepare = (mob) =>
    Object.assign(mob, {
      spawnMany: async () => {
        await mob.spawn({ identity: 'a', profile: 'worker' });
        return down();
      },
    });
  const discovery = discoveryOf(() => ['a', 'b'].map((identity) => ({ identity, profile: 'worker' })));
  const { signal } = new AbortController();
  await expect(startRuntime({ discovery }, here, { signal })).rejects.toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
  });
  expect(here.engine.opened.flatMap((mob) => mob.members())).toEqual([]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

function cannot(): never {
  throw new MobError('MOB_CONFLICT', 'cannot start');
}

function noPut(storage: Storage): Storage['records'] {
  return (definition) => ({ ...storage.records(definition), put: down });
}

function changed(storage: Storage, how: Partial<Storage>): Storage {
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
