import { unavailable } from '@mobkit/contract-kit';
import { edgeDiscoveryOf, MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { edges, keepShape, wires, workers } from '../../test/support/keep-shape.js';

/** A runtime with members, and wires desired that may be changed. */
async function wired(members: readonly string[], desired: readonly string[], given = {}) {
  const wanted = { edges: desired };
  const edgeDiscovery = edgeDiscoveryOf(() => edges(...wanted.edges));
  const here = await keepShape({ ...given, edgeDiscovery });
  await here.mob.spawnMany(workers(...members));
  return { ...here, wanted };
}

it('[shape.edges-empty] does nothing when nobody says which wires are desired', async () => {
  const here = await keepShape();
  expect(here.runtime.shape.bootstrapEdges).toBeUndefined();
  expect(await here.runtime.shape.reconcileEdges()).toEqual({
    desiredEdges: [],
    wiredEdges: [],
    unwiredEdges: [],
    retainedEdges: [],
    preexistingEdges: [],
    skippedMissingMembers: [],
    prunedStaleManagedEdges: [],
    failures: [],
    complete: true,
  });
});

it('[shape.edges-skipped] skips a wire to somebody who is not there, and says that it is incomplete', async () => {
  const here = await wired(['a', 'b'], ['a-b', 'b-c']);
  const report = await here.runtime.shape.reconcileEdges();
  expect(report).toMatchObject({
    wiredEdges: edges('a-b'),
    skippedMissingMembers: edges('b-c'),
    complete: false,
  });
  // The first is of the start, when nobody was there.
  expect(here.told.at(-1)).toEqual({ category: 'reconcile_incomplete', failures: 0, skipped: 1 });
});

it('[shape.edges-preexisting] never claims a wire of somebody else, and never takes it away', async () => {
  const here = await wired(['a', 'b'], ['a-b']);
  await here.mob.wire('b', 'a');
  expect(await here.runtime.shape.reconcileEdges()).toMatchObject({ preexistingEdges: edges('a-b') });
  here.wanted.edges = [];
  const report = await here.runtime.shape.reconcileEdges();
  expect(report).toMatchObject({ unwiredEdges: [], prunedStaleManagedEdges: [], complete: true });
  expect(wires(here)).toEqual(['a-b']);
  expect(await here.metadata.managedEdges('crew')).toEqual([]);
});

it('[shape.edges-unwire] takes away a wire of ours that is not desired any more', async () => {
  const here = await wired(['a', 'b', 'c'], ['a-b', 'b-c']);
  await here.runtime.shape.reconcileEdges();
  here.wanted.edges = ['b-c'];
  const report = await here.runtime.shape.reconcileEdges();
  expect(report).toMatchObject({ unwiredEdges: edges('a-b'), retainedEdges: edges('b-c'), complete: true });
  expect(wires(here)).toEqual(['b-c']);
  expect(await here.metadata.managedEdges('crew')).toEqual(edges('b-c'));
});

it('[shape.edges-unwire-retried] keeps a wire that could not be taken away, and tries again the next time', async () => {
  const here = await wired(['a', 'b'], ['a-b']);
  await here.runtime.shape.reconcileEdges();
  here.wanted.edges = [];
  here.storage.beforeCommit = () => {
    throw unavailable();
  };
  const failed = await here.runtime.shape.reconcileEdges();
  expect(failed).toMatchObject({ unwiredEdges: [], complete: false });
  expect(failed.failures).toMatchObject([{ edge: { a: 'a', b: 'b' }, operation: 'unwire' }]);
  here.storage.beforeCommit = () => {};
  expect(await here.runtime.shape.reconcileEdges()).toMatchObject({
    unwiredEdges: edges('a-b'),
    complete: true,
  });
  expect(await here.metadata.managedEdges('crew')).toEqual([]);
});

it('[shape.edges-heal] wires again what is ours and was taken away, and forgets what is not desired any more', async () => {
  const here = await wired(['a', 'b', 'c'], ['a-b', 'b-c']);
  await here.runtime.shape.reconcileEdges();
  await here.mob.unwire('a', 'b');
  await here.mob.unwire('b', 'c');
  here.wanted.edges = ['a-b'];
  expect(await here.runtime.shape.reconcileEdges()).toMatchObject({
    wiredEdges: edges('a-b'),
    unwiredEdges: [],
    prunedStaleManagedEdges: edges('b-c'),
  });
  expect(wires(here)).toEqual(['a-b']);
  expect(await here.metadata.managedEdges('crew')).toEqual(edges('a-b'));
});

it('[shape.edges-restart] knows after a restart which wires are its own, and adopts none', async () => {
  const before = await wired(['a', 'b', 'c'], ['a-b']);
  await before.runtime.shape.reconcileEdges();
  await before.mob.wire('b', 'c');
  await before.runtime.shutdown();
  const edgeDiscovery = edgeDiscoveryOf(() => edges('b-c'));
  const here = await keepShape({ kept: before.storage, edgeDiscovery });
  expect(here.runtime.shape.bootstrapEdges).toMatchObject({
    unwiredEdges: edges('a-b'),
    preexistingEdges: edges('b-c'),
    complete: true,
  });
  expect(wires(here)).toEqual(['b-c']);
});

it('[shape.edges-crash] owns after a restart a wire whose making was cut short, whether it was kept or not', async () => {
  for (const madeIt of [true, false]) {
    const before = await wired(['a', 'b'], ['a-b']);
    const wireMany = before.mob.wireMany.bind(before.mob);
    before.mob.wireMany = async (pairs) => {
      if (madeIt) await wireMany(pairs);
      throw unavailable();
    };
    await before.runtime.shape.reconcileEdges();
    await before.runtime.shutdown();
    const here = await keepShape({
      kept: before.storage,
      edgeDiscovery: edgeDiscoveryOf(() => edges('a-b')),
    });
    const report = here.runtime.shape.bootstrapEdges;
    expect(madeIt ? report?.retainedEdges : report?.wiredEdges).toEqual(edges('a-b'));
    expect(await here.metadata.managedEdges('crew')).toEqual(edges('a-b'));
    expect(wires(here)).toEqual(['a-b']);
  }
});

it('[shape.edges-batch] writes all wires in one entry, and the others when one cannot be made', async () => {
  const here = await wired(['a', 'b', 'c'], ['a-b', 'b-c']);
  await here.runtime.shape.reconcileEdges();
  const page = await here.mob.events.query({ kinds: ['members_wired', 'members_wired_batch'] });
  expect(page.events.map(({ kind }) => kind.type)).toEqual(['members_wired_batch']);

  const { wireMany, wire } = here.mob;
  here.mob.wireMany = async (pairs) => {
    if (pairs.some(({ b }) => b === 'd')) throw new MobError('MOB_MEMBER_BROKEN', '"d" is broken');
    return wireMany.call(here.mob, pairs);
  };
  here.mob.wire = async (a, b) => {
    if (b === 'd') throw new MobError('MOB_MEMBER_BROKEN', '"d" is broken');
    return wire.call(here.mob, a, b);
  };
  await here.mob.spawnMany(workers('d'));
  here.wanted.edges = ['a-b', 'b-c', 'a-c', 'a-d'];
  const report = await here.runtime.shape.reconcileEdges();
  expect(report).toMatchObject({ wiredEdges: edges('a-c'), retainedEdges: edges('a-b', 'b-c') });
  expect(report.failures).toEqual([{ edge: { a: 'a', b: 'd' }, operation: 'wire', error: '"d" is broken' }]);
  expect(await here.metadata.managedEdges('crew')).toEqual(edges('a-b', 'a-c', 'b-c'));
});

it('[shape.edges-claimed] claims the wires of an entry together, and the others when one cannot be claimed', async () => {
  const here = await wired(['a', 'b', 'c', 'd'], ['a-b', 'b-c']);
  const claims: number[] = [];
  const { metadata } = here;
  const add = metadata.addManagedEdges.bind(metadata);
  metadata.addManagedEdges = async (mobId, given) => {
    claims.push(given.length);
    if (given.some(({ b }) => b === 'd')) throw unavailable();
    await add(mobId, given);
  };
  await here.runtime.shape.reconcileEdges();
  expect(claims).toEqual([2]);
  here.wanted.edges = ['a-b', 'b-c', 'a-c', 'a-d'];
  const report = await here.runtime.shape.reconcileEdges();
  expect(report).toMatchObject({ wiredEdges: edges('a-c'), failures: [{ edge: { a: 'a', b: 'd' } }] });
  expect(await metadata.managedEdges('crew')).toEqual(edges('a-b', 'a-c', 'b-c'));
});
