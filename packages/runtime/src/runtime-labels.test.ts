import { expect, it } from 'vitest';

import { startRuntime, world } from '../test/support/start-runtime.js';

it('[runtime.labels-kept] keeps labels over a restart, shows them with past events, and refuses what is no text', async () => {
  const here = await world();
  const first = await startRuntime({}, here);
  await first.runtime.labels.set({ team: 'red', tier: '1' });
  await first.runtime.labels.set({ team: 'blue' });
  await first.runtime.labels.set({ ticket: '7' }, 'run-1');
  await first.runtime.shutdown();
  await expect(first.runtime.labels.set({})).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
  const { runtime, mob } = await startRuntime({}, here);
  await mob.events.append({ type: 'flow_canceled', run_id: 'run-1', flow_id: 'flow-a' });
  const { events } = await runtime.queryMobEvents({});
  expect(events.map(({ mobLabels, runLabels }) => [mobLabels, runLabels])).toEqual([
    [{ team: 'blue' }, {}],
    [{ team: 'blue' }, { ticket: '7' }],
  ]);
  await runtime.labels.delete('run-1');
  expect([await runtime.labels.get(), await runtime.labels.get('run-1')]).toEqual([{ team: 'blue' }, {}]);
  await expect(runtime.labels.set({ tier: 1 as unknown as string })).rejects.toThrow(TypeError);
});
