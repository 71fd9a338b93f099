import { expect, it } from 'vitest';

import { ChildModules } from '../test/support/child-modules.js';
import { startRuntime } from '../test/support/start-runtime.js';

it('[runtime.module-events] shows what modules did since before the first of them started', async () => {
  const { runtime, mob } = await startRuntime({ modules: new ChildModules(['router']) });
  mob.act('a', { type: 'text_delta', delta: 'x' });
  expect(await runtime.reconcileModules(['router', 'delivery'])).toBe(1);
  const seen = runtime.moduleEvents().items.map((item) => item.type === 'event' && item.event);
  expect(seen).toMatchObject([{ event: { module: 'router' } }, { event: { module: 'delivery' } }]);
  await runtime.shutdown();
  const { runtime: without } = await startRuntime();
  expect(without.moduleEvents().items).toEqual([]);
});
