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

  it('[engine.interactions] tells the end of every message from outside once, behind the run that read it, and of no other run', async () => {
    const model = kitModel((said) => {
      if (said.includes('fail')) throw new MobError('MOB_LLM_FAILED', 'no such model');
      return 'fine';
    });
    const { mob, events } = await stage().open({ model });
    await mob.spawn({ identity: 'host', profile: 'host' });
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.wire('one', 'host');
    await mob.whenIdle();
    await mob.sendAsMember('host', 'one', 'hello');
    await mob.send('one', 'hello', { interactionId: 'i-1' });
    await mob.whenIdle();
    await mob.send('one', 'fail', { interactionId: 'i-2' });
    await mob.whenIdle();
    const told = events.flatMap(({ payload, interactionId }) =>
      /^(run|interaction)_[cf]/.test(payload.type) ? [[payload.type, interactionId]] : [],
    );
    const ends = told.filter(([type]) => type?.startsWith('interaction_'));
    expect(ends).toEqual([
      ['interaction_complete', 'i-1'],
      ['interaction_failed', 'i-2'],
    ]);
    for (const [type, id] of ends)
      expect(told.findIndex(([, about]) => about === id)).toBe(told.findIndex(([one]) => one === type) - 1);
    const [complete, failed] = events.flatMap(({ payload }) =>
      payload.type === 'interaction_complete' || payload.type === 'interaction_failed' ? [payload] : [],
    );
    expect(complete).toMatchObject({ interaction_id: 'i-1', result: 'fine' });
    expect(failed).toMatchObject({ interaction_id: 'i-2', error: expect.stringContaining('no such model') });
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
