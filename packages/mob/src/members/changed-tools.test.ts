import type { AgentTool } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { openTestMob, testDefinition } from '../../test/open-test-mob.js';

const tool = (name: string): AgentTool => ({
  name,
  description: name,
  inputSchema: { type: 'object' },
  run: async () => name,
});

it('[mob.tools-changed] tells at the start of a run that tools of a source came or went since the run before, if its profile allows the source', async () => {
  const offered = { files: [tool('read')], secret: [tool('open')] };
  const worker = { ...testDefinition.profiles['worker']!, tools: { comms: true, mcp: ['files'] } };
  const { mob, events } = await openTestMob({
    definition: { ...testDefinition, profiles: { ...testDefinition.profiles, worker } },
    toolSources: () => [
      { name: 'files', tools: () => offered.files },
      { name: 'secret', tools: () => offered.secret },
    ],
  });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  const told = async () => {
    const from = events.length;
    await mob.send('one', 'go');
    await mob.whenIdle();
    return events.slice(from).map(({ payload }) => payload);
  };
  const changes = async () => (await told()).filter(({ type }) => type === 'tool_config_changed');
  expect(await changes()).toEqual([]);
  offered.secret = [];
  expect(await changes()).toEqual([]);
  offered.files = [tool('read'), tool('write')];
  expect((await told()).slice(0, 2)).toMatchObject([
    { type: 'run_started' },
    { type: 'tool_config_changed', tools: expect.arrayContaining(['read', 'write', 'send_message']) },
  ]);
  expect(await changes()).toEqual([]);
  offered.files = [];
  const [change] = await changes();
  expect(change).toMatchObject({ tools: expect.not.arrayContaining(['read']) });
});
