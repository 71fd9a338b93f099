import { edgeDiscoveryOf } from '@mobkit/core';
import { expect, it, onTestFinished } from 'vitest';

import { ChildModules } from '../../test/support/child-modules.js';
import { edges, keepShape, names, wires, worker, workers } from '../../test/support/keep-shape.js';
import { smallRouter } from '../../test/support/small-router.js';

it('[shape.reconcile] spawns who is missing, retires who is not desired, retains the rest, and calls the hooks once', async () => {
  const here = await keepShape();
  await here.mob.spawn(worker('old'));
  await here.mob.spawn(worker('stays'));
  const report = await here.runtime.shape.reconcile({ members: workers('stays', 'new') });
  expect(names(here)).toEqual(['new', 'stays']);
  expect(report.mob).toEqual({
    desired: ['stays', 'new'],
    retained: ['stays'],
    spawned: ['new'],
    retired: ['old'],
    failures: [],
  });
  expect(report.complete).toBe(true);
  expect(here.hooked).toEqual([['new'], report]);
  const again = await here.runtime.shape.reconcile({ members: workers('stays', 'new') });
  expect(again.mob).toMatchObject({ retained: ['new', 'stays'], spawned: [], retired: [], failures: [] });
});

it('[shape.report] goes on when one member fails, says which and why, and tells of it', async () => {
  const here = await keepShape();
  const report = await here.runtime.shape.reconcile({
    members: [{ identity: 'x', profile: 'nobody' }, ...workers('a')],
    edges: edges('a-x'),
  });
  expect(names(here)).toEqual(['a']);
  const error = { code: 'MOB_PROFILE_NOT_FOUND', message: expect.stringContaining('nobody') as unknown };
  expect(report.mob.failures).toEqual([{ identity: 'x', stage: 'spawn', error }]);
  expect(report.edges).toMatchObject({ skippedMissingMembers: edges('a-x'), complete: false });
  expect(report.complete).toBe(false);
  expect(here.hooked).toEqual([['a'], report]);
  expect(here.told).toEqual([
    { category: 'spawn_failure', memberId: 'x', profile: 'nobody', error: expect.any(String) as unknown },
    { category: 'reconcile_incomplete', failures: 1, skipped: 1 },
  ]);
});

it('[shape.checked] refuses a desired roster with a blank identity before anything is changed', async () => {
  const here = await keepShape();
  await here.mob.spawn(worker('a'));
  await expect(here.runtime.shape.reconcile({ members: workers('   ') })).rejects.toMatchObject({
    code: 'MOB_DISCOVERY_INVALID',
    details: { field: 'members[0].identity' },
  });
  expect(names(here)).toEqual(['a']);
});

it('[shape.routes] gives each working member a route where a router takes them, and takes it away with the member', async () => {
  const router = smallRouter({ routeKey: 'all', recipient: '*', sink: 'log' });
  const here = await keepShape({ router });
  const { routing } = await here.runtime.shape.reconcile({ members: workers('router', 'delivery') });
  expect(routing).toEqual({
    routerModuleLoaded: false,
    activeMembers: ['delivery', 'router'],
    addedRouteKeys: ['mob.member.delivery', 'mob.member.router'],
    removedRouteKeys: [],
    failures: [],
  });
  expect(await router.resolve({ recipient: 'router' })).toMatchObject({ sink: 'mob_member' });
  const second = await here.runtime.shape.reconcile({ members: workers('router') });
  expect(second.mob.retired).toEqual(['delivery']);
  expect(second.routing).toMatchObject({
    addedRouteKeys: [],
    removedRouteKeys: ['mob.member.delivery'],
  });
  expect((await router.routes()).map(({ routeKey }) => routeKey)).toEqual(['all', 'mob.member.router']);
});

it('[shape.routes-unread] reports what it did when the routes cannot be read behind it', async () => {
  const router = smallRouter();
  const reports: unknown[] = [];
  const here = await keepShape({ router, hooks: { postReconcile: (report) => void reports.push(report) } });
  const { table } = router;
  const read = table?.routes ?? router.routes;
  let asked = 0;
  // The plan reads them first.
  if (table)
    Object.assign(table, { routes: async () => (asked++ > 0 ? Promise.reject(new Error('away')) : read()) });
  const report = await here.runtime.shape.reconcile({ members: workers('a') });
  expect(report).toMatchObject({ mob: { spawned: ['a'] }, complete: false });
  expect(report.routing.failures).toEqual([{ routeKey: 'mob.member.a', operation: 'add', error: 'away' }]);
  expect(reports).toEqual([report]);
  expect(here.told).toEqual([{ category: 'reconcile_incomplete', failures: 1, skipped: 0 }]);
});

it('[shape.router-module] says whether a module is loaded that advises where messages go', async () => {
  const here = await keepShape({ modules: new ChildModules([]), router: smallRouter() });
  onTestFinished(async () => void (await here.runtime.shutdown()));
  expect((await here.runtime.shape.plan({})).routes.routerModuleLoaded).toBe(false);
  await here.runtime.reconcileModules(['router']);
  expect((await here.runtime.shape.plan({})).routes.routerModuleLoaded).toBe(true);
  const { routing } = await here.runtime.shape.reconcile({ members: workers('a') });
  expect(routing).toMatchObject({ routerModuleLoaded: true, addedRouteKeys: ['mob.member.a'] });
});

it('[shape.no-router] makes no routes without a router', async () => {
  const here = await keepShape();
  const { routing } = await here.runtime.shape.reconcile({ members: workers('a') });
  const none = { addedRouteKeys: [], removedRouteKeys: [], failures: [] };
  expect(routing).toEqual({ routerModuleLoaded: false, activeMembers: ['a'], ...none });
});

it('[shape.expect] applies the plan that was looked at, and no other', async () => {
  const here = await keepShape();
  const { id } = await here.runtime.shape.plan({ members: workers('a') });
  await here.mob.spawn(worker('b'));
  const stale = here.runtime.shape.reconcile({ members: workers('a') }, { expect: id });
  await expect(stale).rejects.toMatchObject({ code: 'MOB_PLAN_STALE' });
  expect(names(here)).toEqual(['b']);
  const { id: seen } = await here.runtime.shape.plan({ members: workers('a') });
  await here.runtime.shape.reconcile({ members: workers('a') }, { expect: seen });
  expect(names(here)).toEqual(['a']);
});

it('[shape.stopped] changes nothing of a mob that does not run', async () => {
  const here = await keepShape();
  await here.mob.spawn(worker('a'));
  await here.mob.stop();
  const refused = here.runtime.shape.reconcile({ members: workers('b') });
  await expect(refused).rejects.toMatchObject({
    code: 'MOB_INVALID_TRANSITION',
    details: { state: 'Stopped' },
  });
  expect(names(here)).toEqual(['a']);
});

it('[shape.serial] makes one change after the other', async () => {
  const here = await keepShape();
  const reports = await Promise.all([
    here.runtime.shape.reconcile({ members: workers('a') }),
    here.runtime.shape.reconcile({ members: workers('b') }),
    here.runtime.shape.reconcile({ members: workers('b') }),
  ]);
  expect(reports.map(({ mob }) => [mob.spawned, mob.retired, mob.failures])).toEqual([
    [['a'], [], []],
    [['b'], ['a'], []],
    [[], [], []],
  ]);
});

it('[shape.plan] says what it would do with reasons, and does nothing', async () => {
  const edgeDiscovery = edgeDiscoveryOf((members) =>
    members.length < 2 ? [] : [{ a: members[0]?.identity ?? '', b: members[1]?.identity ?? '' }],
  );
  const here = await keepShape({ edgeDiscovery });
  await here.mob.spawn(worker('a'));
  await here.mob.spawn(worker('old'));
  const plan = await here.runtime.shape.plan({
    members: [{ identity: 'a', profile: 'lead' }, ...workers('b')],
  });
  expect(plan).toMatchObject({
    mobId: 'crew',
    empty: false,
    members: {
      spawn: [{ identity: 'b', role: 'worker', reason: 'is desired and not there' }],
      retain: [{ identity: 'a', role: 'worker', reason: 'is desired and there', differs: ['profile'] }],
      retire: [{ identity: 'old', reason: 'is there and not desired' }],
    },
    edges: { wire: [{ a: 'a', b: 'b', heal: false, reason: 'is desired and not there' }], unwire: [] },
    routes: { routerModuleLoaded: false, activeMembers: ['a', 'b'], add: [], remove: [] },
  });
  expect(names(here)).toEqual(['a', 'old']);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

it('[shape.plan-auto-wiring] knows which wires come with a member that is spawned', async () => {
  const definition = {
    id: 'crew',
    profiles: { worker: { model: 'quiet', tools: { comms: true } } },
    wiring: { role_wiring: [{ a: 'worker', b: 'worker' }] },
  };
  const here = await keepShape({ definition });
  const plan = await here.runtime.shape.plan({ members: workers('a', 'b'), edges: edges('a-b') });
  expect(plan.edges).toMatchObject({ wire: [], preexisting: [{ a: 'a', b: 'b' }] });
  const { edges: made } = await here.runtime.shape.reconcile({
    members: workers('a', 'b'),
    edges: edges('a-b'),
  });
  expect(made).toMatchObject({ wiredEdges: [], preexistingEdges: edges('a-b') });
  expect(wires(here)).toEqual(['a-b']);
});
