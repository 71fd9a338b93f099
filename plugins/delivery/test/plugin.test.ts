import type { ToolContext } from '@mobkit/core/mob';
import type { DeliverySink, Router } from '@mobkit/core/ops';
import { delivery } from '@mobkit/delivery/plugin';
import { assemble, type MobPlugin, tokens } from '@mobkit/di';
import { storeMemory } from '@mobkit/store-memory/plugin';
import { expect, it } from 'vitest';

import { deliveriesIn, request, resolution } from './delivery-records.js';
import { fakeMob } from './fake-mob.js';

/** Routes everybody to the sink of their own name. */
const router: Router = {
  resolve: async (given) => resolution({ ...given, sink: given.recipient }),
  verify: async () => {},
  onResolved: () => () => {},
  routes: async () => [],
};

const routes: MobPlugin = {
  name: 'routes',
  register: (context) => context.provide(tokens.router, () => router),
};

const context: ToolContext = {
  mobId: 'm',
  identity: 'lead',
  sessionId: 's',
  signal: new AbortController().signal,
};

it('[delivery.plugin] offers the tool and both sinks, and finds mob and router when they are needed', async () => {
  const lines: string[] = [];
  const { mob, sent } = fakeMob();
  const late: MobPlugin = {
    name: 'late',
    register: (given) => given.provide(tokens.mobHandle, () => mob),
  };
  const app = assemble([storeMemory(), delivery({ log: (line) => lines.push(line) }), routes, late]);
  await app.start();
  const [tool] = app.container.resolveAll(tokens.agentTools);
  expect(JSON.parse((await tool?.run({ recipient: 'log', message: 'a' }, context)) ?? '')).toMatchObject({
    status: 'sent',
    sink: 'log',
  });
  await tool?.run({ recipient: 'mob_member', message: 'b' }, context);
  expect(lines).toEqual(['lead to log (notification): a']);
  expect(sent).toMatchObject([{ identity: 'mob_member', content: 'b' }]);
  expect(await deliveriesIn(app.container.resolve(tokens.storage), { status: 'sent' })).toHaveLength(2);
  await app.stop();
});

it('[delivery.last-sink] carries to the sinks of plugins listed after it', async () => {
  const got: string[] = [];
  const box: DeliverySink = { name: 'box', deliver: async ({ payload }) => void got.push(payload as string) };
  const app = assemble([
    storeMemory(),
    routes,
    delivery({ log: () => {} }),
    { name: 'box', register: (given) => given.contribute(tokens.deliverySinks, () => box) },
  ]);
  await app.start();
  await app.container.resolve(tokens.delivery).send(request());
  expect(got).toEqual(['Checkout is down']);
});

it('[delivery.plugin] does not start without a router, and says what to list', async () => {
  const app = assemble([storeMemory(), delivery({ log: () => {} })]);
  await expect(app.start()).rejects.toMatchObject({
    errors: [{ code: 'MOB_CONFIG_INVALID', message: expect.stringContaining('router-rules') }],
  });
});
