import { setImmediate as turn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { startRuntime, world } from '../test/support/start-runtime.js';
import type { PreSpawnContext } from './hooks.js';

it('[runtime.pre-spawn] calls the pre-spawn hook once, when the mob stands and before anybody works', async () => {
  const here = await world();
  const seen: unknown[] = [];
  await here.metadata.setLabels({ mobId: 'demo' }, { stage: 'night' });
  const preSpawn = ({ mobId, labels, resumed }: PreSpawnContext) => {
    seen.push({ mobId, labels, resumed, calls: [...(here.engine.opened[0]?.calls ?? ['no mob'])] });
  };
  await startRuntime({ hooks: { preSpawn } }, here);
  expect(seen).toEqual([{ mobId: 'demo', labels: { stage: 'night' }, resumed: false, calls: [] }]);
});

const failures: [how: string, preSpawn: () => Promise<void>][] = [
  ['rejects', () => Promise.reject(new Error('no workspace'))],
  [
    'throws',
    () => {
      throw new Error('no workspace');
    },
  ],
];

it.each(failures)(
  '[runtime.pre-spawn-fails] does not start when the pre-spawn hook %s, and says its words',
  async (_how, preSpawn) => {
    const here = await world();
    await expect(startRuntime({ hooks: { preSpawn } }, here)).rejects.toMatchObject({
      code: 'MOB_HOOK_FAILED',
      message: 'pre-spawn hook failed: no workspace',
      details: { hook: 'preSpawn' },
    });
    expect(here.engine.opened.map(({ calls }) => calls)).toEqual([['shutdown 0']]);
    expect(here.clock.waiting).toBe(0);
  },
);

it('[runtime.hook-time-limit] gives up a pre-spawn hook that does not answer, and tells it so', async () => {
  const here = await world();
  let given: AbortSignal | undefined;
  const preSpawn = ({ signal }: PreSpawnContext) => {
    given = signal;
    return new Promise<void>(() => {});
  };
  const starting = startRuntime({ hooks: { preSpawn }, hookTimeoutMs: 2_000 }, here);
  const failure = starting.catch((error: unknown) => error);
  while (!given) await turn();
  here.clock.advance(2_000);
  expect(await failure).toMatchObject({ message: 'pre-spawn hook failed: no answer after 2000 ms' });
  expect(given.aborted).toBe(true);
  expect(here.clock.waiting).toBe(0);
});

it('[runtime.start-cancelled] gives up a start while a hook runs, undoes it, and leaves nothing', async () => {
  const here = await world();
  const stopping = new AbortController();
  const preSpawn = () => {
    stopping.abort();
    return new Promise<void>(() => {});
  };
  await expect(
    startRuntime({ hooks: { preSpawn } }, here, { signal: stopping.signal }),
  ).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
  expect(here.engine.opened.map(({ calls }) => calls)).toEqual([['shutdown 0']]);
  expect(here.clock.waiting).toBe(0);
});
