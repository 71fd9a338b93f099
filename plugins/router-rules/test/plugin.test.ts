import { assemble, type MobPlugin, tokens } from '@mobkit/di';
import { routerRules } from '@mobkit/router-rules/plugin';
import { storeMemory } from '@mobkit/store-memory/plugin';
import { expect, it } from 'vitest';

it('fills the router', async () => {
  const app = assemble([
    storeMemory(),
    routerRules({ mobId: 'crew', routes: [{ routeKey: 'all', recipient: '*', sink: 'log' }] }),
  ]);
  await app.start();
  const router = app.container.resolve(tokens.router);
  expect(await router.resolve({ recipient: 'ops' })).toMatchObject({ sink: 'log' });
});

it('[routing.advised] asks who fills the advisor at each message, from whenever there is one', async () => {
  const advised: MobPlugin = {
    name: 'advice',
    register: (context) =>
      context.provide(tokens.routeAdvisor, () => ({ advise: async () => ({ sink: 'pager' }) })),
  };
  const app = assemble([storeMemory(), routerRules({ mobId: 'crew', routes: [] }), advised]);
  await app.start();
  const resolution = await app.container.resolve(tokens.router).resolve({ recipient: 'ops' });
  expect(resolution).toMatchObject({ sink: 'pager' });
});

it('[router.config] finds a wrong rule on start', async () => {
  const app = assemble([
    storeMemory(),
    routerRules({ mobId: 'crew', routes: [{ routeKey: 'all', recipient: '*', sink: '' }] }),
  ]);
  await expect(app.start()).rejects.toMatchObject({
    errors: [{ code: 'MOB_CONFIG_INVALID', details: { fields: ['routes[0].sink'] } }],
  });
});
