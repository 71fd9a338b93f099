import { ManualClock } from '@mobkit/contract-kit';
import type { AgentTool, MobDefinition, MobHandle } from '@mobkit/core/mob';

import type { Mob } from '../src/engine/mob.js';
import { openTestMob, testDefinition, type TestMobOptions } from './open-test-mob.js';

/** A mob whose workers may use the tools `add` and `slow`. */
const tooledDefinition: MobDefinition = {
  ...testDefinition,
  profiles: {
    ...testDefinition.profiles,
    worker: { ...testDefinition.profiles['worker']!, tools: { comms: true, host: ['add', 'slow'] } },
  },
};

/** A tool that takes anything. */
export function testTool(name: string, run: AgentTool['run'], more: Partial<AgentTool> = {}): AgentTool {
  return { name, description: name, inputSchema: { type: 'object' }, run, ...more };
}

/** Opens a mob with one worker, `one`; pauses before a model is asked again take no time. */
export async function withWorker(options: TestMobOptions = {}) {
  const clock = new ManualClock(1_000);
  const opened = await openTestMob({
    clock,
    definition: tooledDefinition,
    ...options,
    onEvent: (event) => {
      const { payload } = event;
      if (payload.type === 'retrying') queueMicrotask(() => clock.advance(payload.delay_ms));
      options.onEvent?.(event);
    },
  });
  if (!opened.mob.member('one')) await opened.mob.spawn({ identity: 'one', profile: 'worker' });
  return { ...opened, clock };
}

/** The same, after it worked on one message. */
export async function askOne(options: TestMobOptions = {}, said = 'go') {
  const opened = await withWorker(options);
  await opened.mob.send('one', said);
  await opened.mob.whenIdle();
  return opened;
}

export function memberOf(mob: MobHandle, identity = 'one') {
  const member = (mob as Mob).find(identity);
  if (!member) throw new TypeError(`There is no "${identity}"`);
  return member;
}
