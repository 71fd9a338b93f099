import { EventEmitter, once } from 'node:events';

import { discoveryOf, edgeDiscoveryOf } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { edges, keepShape, names, wires, worker, workers } from '../../test/support/keep-shape.js';
import { smallRouter } from '../../test/support/small-router.js';

it('[shape.bootstrap] spawns who is discovered and wires them before anybody works, and retires nobody', async () => {
  const { storage } = await openMemoryStores();
  const order: string[] = [];
  const discovery = discoveryOf(({ trigger, mobId }) => {
    order.push(`${trigger} ${mobId}`);
    return workers('b', 'a');
  });
  const edgeDiscovery = edgeDiscoveryOf((members) => {
    order.push(members.map(({ identity }) => identity).join());
    return edges('a-b', 'b-c');
  });
  const hooks = {
    preSpawn: () => void order.push('pre'),
    postSpawn: (identities: readonly string[]) => void order.push(`post ${identities.join()}`),
  };
  const first = await keepShape({ kept: storage, discovery, edgeDiscovery, hooks });
  expect(order).toEqual(['pre', 'bootstrap crew', 'post b,a', 'a,b']);
  expect(names(first)).toEqual(['a', 'b']);
  expect(wires(first)).toEqual(['a-b']);
  expect(first.runtime.shape.bootstrapEdges).toMatchObject({
    wiredEdges: edges('a-b'),
    skippedMissingMembers: edges('b-c'),
  });
  expect(first.told).toEqual([{ category: 'reconcile_incomplete', failures: 0, skipped: 1 }]);
  await first.runtime.roster.spawn(worker('extra'));
  await first.runtime.shutdown();
  const again = await keepShape({ kept: storage, discovery });
  expect(names(again)).toEqual(['a', 'b', 'extra']);
  expect(again.hooked).toEqual([]);
});

it('[shape.bootstrap-undone] takes back who was spawned when another cannot be', async () => {
  const { storage } = await openMemoryStores();
  const discovery = discoveryOf(() => [worker('a'), { identity: 'x', profile: 'nobody' }]);
  await expect(keepShape({ kept: storage, discovery })).rejects.toMatchObject({
    code: 'MOB_PROFILE_NOT_FOUND',
  });
  const here = await keepShape({ kept: storage });
  expect(names(here)).toEqual([]);
});

it('[shape.bootstrap-undone] takes back members and wires when the start is given up', async () => {
  const { storage } = await openMemoryStores();
  const first = await keepShape({ kept: storage });
  await first.runtime.roster.spawnMany(workers('a', 'b'));
  await first.runtime.shutdown();
  const discovery = discoveryOf(() => workers('a', 'b', 'c'));
  const edgeDiscovery = edgeDiscoveryOf(() => edges('a-b', 'b-c'));
  const router = smallRouter();
  const routes = () => Promise.reject(new Error('the router is away'));
  if (router.table) Object.assign(router.table, { routes });
  const started = keepShape({ kept: storage, discovery, edgeDiscovery, router });
  await expect(started).rejects.toThrow('the router is away');
  const here = await keepShape({ kept: storage });
  expect(names(here)).toEqual(['a', 'b']);
  expect(wires(here)).toEqual([]);
  expect(await here.metadata.managedEdges('crew')).toEqual([]);
});

it('[shape.rediscover] discovers, resets, spawns and wires anew', async () => {
  const wanted = { members: workers('a', 'b'), edges: edges('a-b') };
  const asked: string[] = [];
  const discovery = discoveryOf(({ trigger, data }) => {
    asked.push(`${trigger} ${JSON.stringify(data)}`);
    return wanted.members;
  });
  const here = await keepShape({ discovery, edgeDiscovery: edgeDiscoveryOf(() => wanted.edges) });
  wanted.members = workers('b', 'c');
  wanted.edges = edges('b-c');
  const report = await here.runtime.shape.rediscover({ data: { why: 'deploy' } });
  expect(report).toMatchObject({ spawned: ['b', 'c'], failures: [], edges: { wiredEdges: edges('b-c') } });
  expect(asked.at(-1)).toBe('rediscover {"why":"deploy"}');
  expect(names(here)).toEqual(['b', 'c']);
  expect(await here.metadata.managedEdges('crew')).toEqual(edges('b-c'));
  const page = await here.mob.events.query({ kinds: ['mob_reset'] });
  expect(page.events).toHaveLength(1);
  expect(here.hooked).toEqual([
    ['a', 'b'],
    ['b', 'c'],
  ]);
});

it('[shape.rediscover-safe] leaves the mob as it is when nobody can be discovered, or no mob can be made of them', async () => {
  let answer = () => workers('a');
  const here = await keepShape({ discovery: discoveryOf(() => answer()) });
  answer = () => {
    throw new Error('the source is away');
  };
  const failed = here.runtime.shape.rediscover();
  await expect(failed).rejects.toMatchObject({ code: 'MOB_DISCOVERY_UNAVAILABLE', retryable: true });
  answer = () => [{ identity: 'b', profile: 'nobody' }];
  await expect(here.runtime.shape.rediscover()).rejects.toMatchObject({ code: 'MOB_PROFILE_NOT_FOUND' });
  expect(names(here)).toEqual(['a']);
  expect(here.told.map(({ category }) => category)).toEqual(['rediscover_failure', 'rediscover_failure']);
});

it('[shape.rediscover-none] answers nothing when there is no source of members', async () => {
  const here = await keepShape();
  await here.mob.spawn(worker('a'));
  expect(await here.runtime.shape.rediscover()).toBeUndefined();
  expect(names(here)).toEqual(['a']);
});

it('[shape.rediscover-serial] rediscovers one at a time', async () => {
  const here = await keepShape({ discovery: discoveryOf(() => workers('a')) });
  const { shape } = here.runtime;
  const [one, other] = await Promise.all([shape.rediscover(), shape.rediscover()]);
  expect([one?.spawned, other?.spawned]).toEqual([['a'], ['a']]);
  expect([one?.failures, other?.failures]).toEqual([[], []]);
});

it('[shape.source-time] gives up on a source that does not answer, and on all when the runtime ends', async () => {
  const calls = new EventEmitter();
  let hang = false;
  const discovery = discoveryOf(() => {
    if (!hang) return [];
    calls.emit('asked');
    return new Promise<never>(() => {});
  });
  const here = await keepShape({ discovery, hookTimeoutMs: 5_000 });
  hang = true;
  const failure = async () => here.runtime.shape.reconcile().catch((error: unknown) => error);
  const asked = () => once(calls, 'asked');
  const [late] = [failure(), await asked()];
  here.clock.advance(5_000);
  expect(await late).toMatchObject({ code: 'MOB_DISCOVERY_UNAVAILABLE', retryable: true });
  const [ended] = [failure(), await asked()];
  await here.runtime.shutdown();
  expect(await ended).toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
  expect(await failure()).toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
});

it('[shape.contract] holds what a source answers to its contract', async () => {
  const discovery = {
    discover: async () => [worker('a'), worker('a')],
  };
  await expect(keepShape({ discovery })).rejects.toMatchObject({ code: 'MOB_DISCOVERY_INVALID' });
});
