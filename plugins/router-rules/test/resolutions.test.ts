import { ManualClock } from '@mobkit/contract-kit';
import { createRulesRouter, openRulesRouter } from '@mobkit/router-rules';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

const untrusted = (reason: string) => ({ code: 'MOB_ROUTE_UNTRUSTED', details: { reason } });

it('[routing.trusted] believes what was given out, also after a restart, and though nobody remembers it', async () => {
  const { storage } = await openMemoryStores();
  const open = () => openRulesRouter({ storage, mobId: 'crew', routes: [] });
  const router = await open();
  const resolution = await router.resolve({ recipient: 'user@example.com', channel: 'transactional' });
  expect(resolution).toMatchObject({ sink: 'email', targetModule: 'delivery' });
  for (let at = 0; at < 600; at++) await router.resolve({ recipient: `${at}@example.com` });
  await expect(router.verify(resolution)).resolves.toBeUndefined();
  await expect((await open()).verify(resolution)).resolves.toBeUndefined();
});

it('[routing.unknown] believes nothing that this mob has not given out, also not what another has', async () => {
  const { storage } = await openMemoryStores();
  const router = await openRulesRouter({ storage, mobId: 'crew', routes: [] });
  const resolution = await router.resolve({ recipient: '+4912345' });
  const other = await openRulesRouter({ storage, mobId: 'other', routes: [] });
  await expect(other.verify(resolution)).rejects.toMatchObject(untrusted('unknown'));
  await expect(createRulesRouter({ routes: [] }).verify(resolution)).rejects.toMatchObject(
    untrusted('unknown'),
  );
  const { routeId } = resolution;
  const ids = [
    '',
    'route-000000',
    routeId.slice(1),
    `${routeId}A`,
    routeId.replace('route-', 'route-=='),
    routeId.slice(0, 20) + (routeId[20] === 'A' ? 'B' : 'A') + routeId.slice(21),
  ];
  for (const id of ids) {
    const verified = router.verify({ ...resolution, routeId: id });
    await expect(verified).rejects.toMatchObject({
      ...untrusted('unknown'),
      message: `route_id '${id}' was not issued by routing/resolve`,
    });
  }
});

it('[routing.forged] tells a resolution of which one field was altered from one it never gave out', async () => {
  const router = createRulesRouter({ routes: [{ routeKey: 'all', recipient: '*', sink: 'log' }] });
  const resolution = await router.resolve({ recipient: 'ops' });
  const altered = [
    { recipient: 'else' },
    { channel: 'alert' },
    { sink: 'webhook' },
    { targetModule: 'mine' },
    { retryMax: 9 },
    { backoffMs: 1 },
    { rateLimitPerMinute: 1000 },
    { routeKey: 'rest' },
  ];
  for (const change of altered) {
    await expect(router.verify({ ...resolution, ...change })).rejects.toMatchObject({
      ...untrusted('forged'),
      message: 'resolution does not match the trusted route for route_id',
    });
  }
  const { routeKey, ...without } = resolution;
  expect(routeKey).toBe('all');
  await expect(router.verify(without)).resolves.toBeUndefined();
});

it('[routing.expired] believes a resolution for a time, and says of an old one that it was altered all the same', async () => {
  const clock = new ManualClock(1_000);
  const router = createRulesRouter({ routes: [], validForMs: 500, clock });
  const resolution = await router.resolve({ recipient: 'https://example.com/@me' });
  expect(resolution.sink).toBe('webhook');
  clock.advance(499);
  await expect(router.verify(resolution)).resolves.toBeUndefined();
  clock.advance(1);
  await expect(router.verify(resolution)).rejects.toMatchObject({
    ...untrusted('expired'),
    message: expect.stringContaining('expired at 1970-01-01T00:00:01.500Z: resolve again'),
  });
  await expect(router.verify({ ...resolution, sink: 'log' })).rejects.toMatchObject(untrusted('forged'));
});

it('[routing.for-good] gives out resolutions that are believed for as long as can be asked for', async () => {
  const router = createRulesRouter({ routes: [], validForMs: Number.MAX_SAFE_INTEGER });
  const resolution = await router.resolve({ recipient: 'ops@example.com' });
  await expect(router.verify(resolution)).resolves.toBeUndefined();
});
