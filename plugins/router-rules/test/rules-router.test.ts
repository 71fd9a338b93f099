import { isMobError } from '@mobkit/core';
import type { Route } from '@mobkit/core/ops';
import { createRulesRouter, openRulesRouter } from '@mobkit/router-rules';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

const toOps: Route = { routeKey: 'ops', recipient: 'ops', sink: 'log' };
const alertsToOps: Route = { routeKey: 'ops-alerts', recipient: 'ops', channel: 'alert', sink: 'pager' };
const alerts: Route = { routeKey: 'alerts', recipient: '*', channel: 'alert', sink: 'log' };
const rest: Route = { routeKey: 'rest', recipient: '*', channel: '*', sink: 'mob_member' };

it('[router.precedence] lets the recipient decide before the channel, and a name before anyone', async () => {
  const router = createRulesRouter({ routes: [rest, alerts, toOps, alertsToOps] });
  const routeOf = async (recipient: string, channel: string) =>
    (await router.resolve({ recipient, channel })).routeKey;
  expect(await routeOf('ops', 'alert')).toBe('ops-alerts');
  expect(await routeOf('ops', 'news')).toBe('ops');
  expect(await routeOf('lead', 'alert')).toBe('alerts');
  expect(await routeOf('lead', 'news')).toBe('rest');
});

it('[router.precedence] prefers a recipient on any channel to anyone on that channel', async () => {
  const router = createRulesRouter({ routes: [alerts, toOps] });
  expect(await router.resolve({ recipient: 'ops', channel: 'alert' })).toMatchObject({ routeKey: 'ops' });
});

it('[router.precedence] takes the first listed of two equal rules', async () => {
  const router = createRulesRouter({ routes: [{ ...toOps, routeKey: 'z' }, toOps] });
  expect(await router.resolve({ recipient: 'ops' })).toMatchObject({ routeKey: 'z' });
});

it('answers with the recipient asked for, on the channel `notification` unless told', async () => {
  const router = createRulesRouter({ routes: [rest] });
  expect(await router.resolve({ recipient: ' lead ' })).toEqual({
    routeId: expect.stringMatching(/^route-[\w-]{72}$/),
    routeKey: 'rest',
    recipient: 'lead',
    channel: 'notification',
    sink: 'mob_member',
    targetModule: 'delivery',
    retryMax: 1,
    backoffMs: 250,
    rateLimitPerMinute: 2,
  });
});

it('[router.unresolved] names recipient, channel and known recipients when no route takes it', async () => {
  const router = createRulesRouter({ routes: [toOps, alertsToOps, alerts] });
  const error: unknown = await router.resolve({ recipient: 'nobody' }).catch((caught: unknown) => caught);
  expect(isMobError(error, 'MOB_ROUTE_UNRESOLVED') && error).toMatchObject({
    message: 'No route takes "nobody" on channel "notification": there are routes to "ops", anyone',
    retryable: false,
    details: { recipient: 'nobody', channel: 'notification', knownRecipients: ['ops', '*'] },
  });
});

it('keeps the message short when there are many recipients', async () => {
  const routes = Array.from({ length: 25 }, (_, at) => ({
    routeKey: `k${at}`,
    recipient: `r${at}`,
    sink: 'log',
  }));
  const failed = createRulesRouter({ routes }).resolve({ recipient: 'nobody' });
  await expect(failed).rejects.toThrow('"r18", "r19" and 5 more');
});

it('says so when there are no routes', async () => {
  const failed = createRulesRouter({ routes: [] }).resolve({ recipient: 'ops' });
  await expect(failed).rejects.toThrow('there are no routes');
});

it('refuses a blank recipient or channel as a mistake of the caller', async () => {
  const router = createRulesRouter({ routes: [rest] });
  await expect(router.resolve({ recipient: ' ' })).rejects.toThrow(
    new TypeError('recipient is not text, or blank'),
  );
  await expect(router.resolve({ recipient: 'ops', channel: '' })).rejects.toThrow(TypeError);
});

it('lists the routes in the order given', async () => {
  expect(await createRulesRouter({ routes: [rest, toOps] }).routes()).toEqual([rest, toOps]);
});

const wrong: readonly [string, readonly unknown[], string][] = [
  ['a blank key', [toOps, { ...rest, routeKey: '' }], 'routes[1].routeKey'],
  ['a blank recipient', [{ ...toOps, recipient: ' ' }], 'routes[0].recipient'],
  ['a blank channel', [{ ...toOps, channel: ' ' }], 'routes[0].channel'],
  ['a missing sink', [toOps, rest, { routeKey: 'x', recipient: 'x' }], 'routes[2].sink'],
  ['a key given twice', [toOps, { ...rest, routeKey: ' ops' }], 'routes[1].routeKey'],
];

it.for(wrong)('[router.config] refuses %s and names its place', ([, routes, field]) => {
  const create = () => createRulesRouter({ routes: routes as readonly Route[] });
  expect(create).toThrow(`at ${field}`);
  expect(create).toThrow(
    expect.objectContaining({ code: 'MOB_CONFIG_INVALID', details: { fields: [field] } }),
  );
});

it('[router.table] takes routes while it works, behind those it has, and gives them back', async () => {
  const { storage } = await openMemoryStores();
  const router = await openRulesRouter({ storage, mobId: 'crew', routes: [toOps, rest] });
  const { table } = router;
  const late: Route = { routeKey: 'a-late', recipient: 'ops', sink: 'pager' };
  const toLead: Route = { routeKey: 'lead', recipient: 'lead', sink: 'mob_member', targetModule: 'delivery' };
  await table?.put(late);
  expect(await table?.put({ ...toLead, routeKey: ' lead ' })).toEqual(toLead);
  expect((await router.resolve({ recipient: 'ops' })).routeKey).toBe('ops');
  expect((await router.resolve({ recipient: 'lead' })).sink).toBe('mob_member');
  await table?.put({ ...toLead, sink: 'log' });
  expect((await router.resolve({ recipient: 'lead' })).sink).toBe('log');
  expect((await router.routes()).map(({ routeKey }) => routeKey)).toEqual(['ops', 'rest', 'a-late', 'lead']);
  expect(await table?.delete('lead')).toEqual({ ...toLead, sink: 'log' });
  expect(await table?.delete('lead')).toBeUndefined();
});
