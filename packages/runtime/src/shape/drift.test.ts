import { type AgentDiscoverySpec, type DiscoveryWatcher, edgeDiscoveryOf } from '@mobkit/core';
import { expect, it } from 'vitest';

import {
  edges,
  keepShape,
  names,
  type ShapeWorld,
  wires,
  worker,
  workers,
} from '../../test/support/keep-shape.js';
import type { Drift } from './runtime-shape.js';

/** A source that can be changed, and tells of it when it is told to. */
function changing(...identities: readonly string[]) {
  const watchers = new Set<DiscoveryWatcher>();
  const source = {
    members: workers(...identities) as readonly AgentDiscoverySpec[],
    failure: undefined as Error | undefined,
    async discover() {
      if (source.failure) throw source.failure;
      return source.members;
    },
    watch(watcher: DiscoveryWatcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    tell: () => watchers.forEach((watcher) => watcher.onChange()),
    watchers,
  };
  return source;
}

/** Lets what the ledger says be heard, and what belongs together be over. */
async function settle({ mob, runtime, clock }: ShapeWorld): Promise<void> {
  const latest = await mob.events.latestCursor();
  const tail = runtime.tailMobEvents({ afterCursor: Math.max(latest - 1, 0) });
  for await (const { cursor } of tail) if (cursor >= latest) break;
  // The listeners are told in the same turn of the tail, but by a reader of their own.
  await turns();
  clock.advance(200);
  await turns();
}

const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function drifts(here: ShapeWorld): Drift[] {
  const seen: Drift[] = [];
  here.runtime.shape.onDrift((drift) => void seen.push(drift));
  return seen;
}

it('[shape.drift] tells of a member and of a wire that are gone behind its back, each once, and brings nothing back by itself', async () => {
  const here = await keepShape({
    discovery: changing('a', 'b', 'c'),
    edgeDiscovery: edgeDiscoveryOf(() => edges('a-b', 'b-c')),
  });
  const seen = drifts(here);
  await here.mob.unwire('a', 'b');
  await settle(here);
  expect(seen).toEqual([{ type: 'missing', members: [], edges: edges('a-b') }]);
  await here.mob.retire('c');
  await settle(here);
  await here.mob.spawn(worker('x'));
  await here.mob.retire('x');
  await settle(here);
  expect(seen.slice(1)).toEqual([{ type: 'missing', members: ['c'], edges: [] }]);
  expect(here.told).toEqual([
    { category: 'drift', members: [], edges: edges('a-b') },
    { category: 'drift', members: ['c'], edges: [] },
  ]);
  expect(names(here)).toEqual(['a', 'b']);
  await here.runtime.shutdown();
});

it('[shape.own-changes] takes nothing for drift that was asked of the runtime, nor a reset of the mob', async () => {
  const here = await keepShape({
    discovery: changing('a', 'b', 'c'),
    edgeDiscovery: edgeDiscoveryOf(() => edges('a-b', 'b-c')),
  });
  const seen = drifts(here);
  const { roster, shape } = here.runtime;
  await roster.unwire('b', 'a');
  await roster.retire('c');
  await settle(here);
  await roster.respawn('a');
  await shape.reconcile({ members: workers('a') });
  await settle(here);
  await shape.rediscover();
  await settle(here);
  await here.mob.reset();
  await settle(here);
  expect(seen).toEqual([]);
  expect(here.told.filter(({ category }) => category === 'drift')).toEqual([]);
  await here.runtime.shutdown();
});

it('[shape.converge] brings back what is gone, and does what the source says when it changed', async () => {
  const discovery = changing('a', 'b');
  const here = await keepShape({
    discovery,
    edgeDiscovery: edgeDiscoveryOf(() => edges('a-b')),
    reconcile: { mode: 'converge' },
  });
  await turns();
  await here.mob.retire('b');
  await settle(here);
  expect(names(here)).toEqual(['a', 'b']);
  expect(wires(here)).toEqual(['a-b']);
  discovery.members = workers('a', 'c');
  discovery.tell();
  await turns();
  expect(names(here)).toEqual(['a', 'c']);
  await here.runtime.shutdown();
  expect(discovery.watchers.size).toBe(0);
});

it('[shape.converge-given] brings back what was asked for last where no source says who should exist', async () => {
  const here = await keepShape({ reconcile: { mode: 'converge' } });
  await here.runtime.shape.reconcile({ members: workers('a', 'b'), edges: edges('a-b') });
  await here.mob.retire('a');
  await settle(here);
  expect(names(here)).toEqual(['a', 'b']);
  expect(wires(here)).toEqual(['a-b']);
  await here.runtime.shutdown();
});

it('[shape.converge-backoff] tries again with growing pauses while it fails, and once for all that drifted meanwhile', async () => {
  const discovery = changing('a', 'b');
  const here = await keepShape({ discovery, reconcile: { mode: 'converge' } });
  await turns();
  let asked = 0;
  const discover = discovery.discover;
  discovery.discover = () => ((asked += 1), discover());
  discovery.failure = new Error('away');
  await here.mob.retire('a');
  await here.mob.retire('b');
  await settle(here);
  expect(asked).toBe(1);
  here.clock.advance(50);
  await turns();
  expect(asked).toBe(2);
  discovery.failure = undefined;
  here.clock.advance(100);
  await turns();
  expect(asked).toBe(3);
  expect(names(here)).toEqual(['a', 'b']);
  await here.runtime.shutdown();
});

it('[shape.desired-changed] tells that the source says otherwise now, and leaves it at that', async () => {
  const discovery = changing('a');
  const here = await keepShape({ discovery });
  const seen = drifts(here);
  discovery.members = workers('b');
  discovery.tell();
  await turns();
  expect(seen).toEqual([{ type: 'desired_changed' }]);
  expect(names(here)).toEqual(['a']);
  await here.runtime.roster.spawn(worker('x'));
  await here.runtime.shutdown();
});

it('[shape.drift-after-reset] still misses who came with a rediscovery when its reset is heard late', async () => {
  const here = await keepShape({ discovery: changing('a', 'b') });
  const seen = drifts(here);
  await settle(here);
  let hear = () => {};
  const late = new Promise<void>((resolve) => (hear = resolve));
  const labels = here.metadata.labels.bind(here.metadata);
  let asked = 0;
  // The source is given labels first; after it, only those who hear of the ledger wait for them.
  here.metadata.labels = async (scope) => {
    if (asked++ > 0) await late;
    return labels(scope);
  };
  await here.runtime.shape.rediscover();
  hear();
  await settle(here);
  await here.mob.retire('b');
  await settle(here);
  expect(seen).toEqual([{ type: 'missing', members: ['b'], edges: [] }]);
  await here.runtime.shutdown();
});

it('[shape.drift-after-reset] still misses members when a reset was refused', async () => {
  const here = await keepShape({ discovery: changing('a', 'b') });
  const seen = drifts(here);
  const reset = here.mob.reset.bind(here.mob);
  here.mob.reset = () => Promise.reject(new Error('not now'));
  await expect(here.runtime.shape.rediscover()).rejects.toThrow('not now');
  here.mob.reset = reset;
  await here.mob.retire('b');
  await settle(here);
  expect(seen).toEqual([{ type: 'missing', members: ['b'], edges: [] }]);
  await here.runtime.shutdown();
});

it('[shape.converge-last] does what the source says last, also when it changes as a reconcile ends', async () => {
  let after = 0;
  const ended = { call: () => {} };
  const discovery = changing('a');
  const here = await keepShape({
    discovery,
    reconcile: { mode: 'converge' },
    hooks: { postReconcile: () => ended.call() },
  });
  await turns();
  for (; after < 40; after += 1) {
    const changed = `late-${after}`;
    ended.call = () => {
      ended.call = () => {};
      void (async () => {
        for (let turn = 0; turn < after; turn += 1) await Promise.resolve();
        discovery.members = workers(changed);
        discovery.tell();
      })();
    };
    discovery.tell();
    await turns();
    expect(names(here)).toEqual([changed]);
  }
  await here.runtime.shutdown();
});

it('[shape.unwatch-throws] ends, and says so, when a source throws as it is watched no longer', async () => {
  const discovery = changing('a');
  discovery.watch = () => () => {
    throw new Error('cannot let go');
  };
  const other = changing();
  const edgeDiscovery = { ...edgeDiscoveryOf(() => []), watch: other.watch };
  const here = await keepShape({ discovery, edgeDiscovery });
  const stop = here.mob.shutdown.bind(here.mob);
  // Meanwhile nobody looks at what became of the sources.
  here.mob.shutdown = async (options) => (await turns(), stop(options));
  const { errors } = await here.runtime.shutdown();
  expect(errors).toEqual(['Listeners threw, 1 in all, the last: cannot let go']);
  expect(other.watchers.size).toBe(0);
});
