import { MobError } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { takeAll } from '../test/support/read-stream.js';
import { startRuntime, world } from '../test/support/start-runtime.js';

function loss(): MobError {
  return new MobError('MOB_LEASE_LOST', 'Mob "demo" is run by other now', { details: { owner: 'other' } });
}

it('[ownership.step-down] shuts down by itself when its mob is lost, and says who has it to whoever asks or waits', async () => {
  const { runtime, mob } = await startRuntime();
  const events = takeAll(runtime.agentEvents({}));
  expect(runtime.lost.aborted).toBe(false);
  mob.lose(loss());
  expect(runtime.lost.reason).toMatchObject({ code: 'MOB_LEASE_LOST' });
  for (const refused of [
    runtime.sendMessage('worker-1', 'hello'),
    runtime.roster.spawn({ identity: 'a', profile: 'worker' }),
    runtime.roster.retire('a'),
  ]) {
    await expect(refused).rejects.toMatchObject({
      code: 'MOB_LEASE_LOST',
      message: expect.stringContaining('is run by other now') as unknown,
      details: { owner: 'other' },
    });
  }
  expect(await runtime.readiness()).toEqual({ ready: false, problems: ['Mob "demo" is run by other now'] });
  expect(await events).toEqual([]);
  expect((await runtime.run(new AbortController().signal)).mobStop).toBe('ok');
  expect(mob.calls).toEqual(['start', 'shutdown 30000']);
  expect(await runtime.status()).toMatchObject({
    running: false,
    lost: { owner: 'other', error: 'Mob "demo" is run by other now' },
  });
});

it('[ownership.step-down-starting] fails to start, and leaves nothing, when its mob is lost before it stands', async () => {
  const here = await world();
  const preSpawn = () => here.engine.opened[0]?.lose(loss());
  await expect(startRuntime({ hooks: { preSpawn } }, here)).rejects.toMatchObject({ code: 'MOB_LEASE_LOST' });
  expect(here.engine.opened[0]?.calls).toEqual(['shutdown 0']);
  expect(here.clock.waiting).toBe(0);
});

it('[ownership.epochs] gives streams their epoch when the mob is its own, so that one who waited long comes after those before', async () => {
  const here = await world();
  let free = () => {};
  const freed = new Promise<void>((resolve) => (free = resolve));
  const waiting = startRuntime(
    {
      engine: {
        open: async (options) => {
          await freed;
          return here.engine.open(options);
        },
      },
    },
    here,
  );
  const first = await startRuntime({}, here);
  await first.runtime.shutdown();
  free();
  const { runtime, mob } = await waiting;
  const seen = takeAll(runtime.agentEvents({}));
  mob.act('worker-1', { type: 'text_delta', delta: 'x' });
  await runtime.shutdown();
  expect(await seen).toEqual(['2.1']);
});

it('[runtime.identity] hands out what the host configured of identities and other mobs, and nothing until it has', async () => {
  const { runtime } = await startRuntime();
  expect(runtime.identity).toEqual({ peerHandles: new Map() });
  const peerHandles = new Map([['other', {} as MobHandle]]);
  const sessionBridge = { sessionOf: async () => 'session-1' };
  const given = await startRuntime({ identity: { peerHandles, sessionBridge } });
  expect(given.runtime.identity).toEqual({ peerHandles, sessionBridge });
  await Promise.all([runtime.shutdown(), given.runtime.shutdown()]);
});
