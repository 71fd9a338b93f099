import { MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import type { MobChapter } from './mob-chapter.js';
import { kitModel } from './model.js';
import { type Stage, typesOf } from './stage.js';

export const agentEventsChapter: MobChapter = { name: 'agent events', tests };

function tests(stage: () => Stage): void {
  it('[engine.run-sequence] tells of a run from its start to its end, in order', async () => {
    const { mob, events } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.send('one', 'hello');
    await mob.whenIdle();
    const told = typesOf(events, 'one').filter((type) =>
      [
        'run_started',
        'turn_started',
        'text_delta',
        'text_complete',
        'turn_completed',
        'run_completed',
      ].includes(type),
    );
    expect(told).toEqual([
      'run_started',
      'turn_started',
      'text_delta',
      'text_complete',
      'turn_completed',
      'run_completed',
    ]);
  });

  it('[engine.sources] names the life of the member that did it, also of one that came later or came again', async () => {
    const { mob, events } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.send('one', 'hello');
    await mob.whenIdle();
    await mob.respawn('one');
    await mob.send('one', 'hello');
    await mob.whenIdle();
    const starts = events.filter(({ payload }) => payload.type === 'run_started');
    expect(starts.map(({ source }) => source)).toEqual([
      { identity: 'one', generation: 0 },
      { identity: 'one', generation: 1 },
    ]);
  });

  it('[engine.model-error] ends the run of a model that fails once, and the mob goes on', async () => {
    let failures = 0;
    const model = kitModel((said) => {
      if (!said.includes('fail')) return 'fine';
      failures += 1;
      throw new MobError('MOB_LLM_FAILED', 'no such model');
    });
    const { mob, events } = await stage().open({ model });
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.send('one', 'fail');
    await mob.whenIdle();
    expect(failures).toBe(1);
    expect(typesOf(events, 'one').filter((type) => type === 'run_failed')).toHaveLength(1);
    expect(await mob.status()).toBe('Running');
    await mob.send('one', 'again');
    await mob.whenIdle();
    expect(events.findLast(({ payload }) => payload.type === 'run_completed')).toBeDefined();
  });
}
