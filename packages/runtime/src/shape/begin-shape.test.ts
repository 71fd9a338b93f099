import { discoveryOf, edgeDiscoveryOf } from '@mobkit/core';
import type { Route } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { edges, keepShape, names, wires, worker, workers } from '../../test/support/keep-shape.js';
import { smallRouter } from '../../test/support/small-router.js';

/** The last step of a start. */
const watchFails = {
  watch(): () => void {
    throw new Error('cannot be watched');
  },
};

const memberRoute = (identity: string): Route => ({
  routeKey: `mob.member.${identity}`,
  recipient: identity,
  sink: 'elsewhere',
});

it('[shape.begin-undone] leaves members, wires, claims and routes as they were when the start fails behind them', async () => {
  const first = await keepShape({
    discovery: discoveryOf(() => workers('a', 'b', 'c')),
    edgeDiscovery: edgeDiscoveryOf(() => edges('a-b', 'a-c')),
  });
  await first.mob.unwire('a', 'c');
  await first.runtime.shutdown();
  const kept = first.storage;
  const claims = await first.metadata.managedEdges('crew');
  const router = smallRouter(memberRoute('a'), memberRoute('gone'));
  const routes = await router.routes();
  const start = keepShape({
    kept,
    router,
    discovery: { ...discoveryOf(() => workers('a', 'b', 'c', 'd')), ...watchFails },
    edgeDiscovery: edgeDiscoveryOf(() => edges('a-c', 'a-d')),
  });
  await expect(start).rejects.toThrow('cannot be watched');
  expect((await router.routes()).toSorted(byKey)).toEqual(routes.toSorted(byKey));
  const again = await keepShape({ kept });
  expect(names(again)).toEqual(['a', 'b', 'c']);
  expect(wires(again)).toEqual(['a-b']);
  expect((await again.metadata.managedEdges('crew')).map(({ a, b }) => `${a}-${b}`).toSorted()).toEqual(
    claims.map(({ a, b }) => `${a}-${b}`).toSorted(),
  );
  await again.runtime.shutdown();
});

it('[shape.begin-undone] undoes what it can when one thing cannot be undone', async () => {
  const router = smallRouter();
  const remove = router.table?.delete;
  if (router.table && remove) {
    Object.assign(router.table, {
      delete: async (routeKey: string) => {
        if (routeKey === 'mob.member.a') throw new Error('stuck');
        return remove(routeKey);
      },
    });
  }
  const discovery = { ...discoveryOf(() => [worker('a'), worker('b')]), ...watchFails };
  await expect(keepShape({ router, discovery })).rejects.toMatchObject({
    code: 'MOB_ROLLBACK_FAILED',
    details: { rollbackErrors: ['stuck'] },
  });
  expect((await router.routes()).map(({ routeKey }) => routeKey)).toEqual(['mob.member.a']);
});

function byKey(one: Route, other: Route): number {
  return one.routeKey < other.routeKey ? -1 : 1;
}
