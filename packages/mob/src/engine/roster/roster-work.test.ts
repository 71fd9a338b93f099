import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import { kindsOf, openTestMob, testDefinition, typesOf } from '../../../test/open-test-mob.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

it('[members.spawn-policy] spawns whom a message from outside is for, once, if the policy knows the identity', async () => {
  const policy = { mode: 'auto', profile_map: { one: 'worker', deaf: 'hermit' } } as const;
  const definition = { ...testDefinition, spawn_policy: policy };
  const { mob, events } = await openTestMob({ definition });
  await expect(mob.send('one', 'psst', { internal: true })).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
  await expect(mob.send('deaf', 'hello')).rejects.toEqual(code('MOB_NOT_ADDRESSABLE'));
  await expect(mob.send('two', 'hello')).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
  expect(mob.members()).toEqual([]);
  await Promise.all([mob.send('one', 'hello'), mob.send('one', 'again')]);
  await mob.whenIdle();
  expect(await kindsOf(mob)).toEqual(['mob_created', 'member_spawned']);
  expect(typesOf(events, 'one').filter((type) => type === 'run_completed')).toHaveLength(2);

  expect(() => mob.setSpawnPolicy({ mode: 'auto' } as never)).toThrow(TypeError);
  mob.setSpawnPolicy({ mode: 'auto', profile_map: { two: 'worker', odd: 'nobody' } });
  await expect(mob.send('odd', 'hello')).rejects.toEqual(code('MOB_PROFILE_NOT_FOUND'));
  await mob.send('two', 'hello');
  mob.setSpawnPolicy({ mode: 'none' });
  await mob.retire('two');
  await expect(mob.send('two', 'hello')).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
  await mob.whenIdle();
});

it('[members.details] says what a member is at, without waiting for it', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said) => {
    if (said.includes('slow')) await gate.wait();
    return [
      { type: 'text_delta', delta: said.includes('slow') ? 'y'.repeat(300) : 'x' },
      { type: 'usage_update', usage: { input_tokens: 3, output_tokens: 4 } },
      { type: 'done', stopReason: 'end_turn' },
    ];
  });
  const { mob } = await openTestMob({ model });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  expect(await mob.memberDetails('one')).toEqual({
    ...mob.member('one'),
    model: 'fake',
    running: false,
    waiting: 0,
    tokensUsed: 0,
  });
  await mob.send('one', 'quick');
  await mob.whenIdle();
  await mob.send('one', 'slow');
  await gate.reached;
  await mob.send('one', 'quick again');
  expect(await mob.memberDetails('one')).toMatchObject({
    running: true,
    waiting: 1,
    tokensUsed: 7,
    outputPreview: 'x',
  });
  gate.open();
  await mob.send('one', 'slow');
  await mob.whenIdle();
  expect((await mob.memberDetails('one'))?.outputPreview).toBe('y'.repeat(200));
  expect(await mob.memberDetails('nobody')).toBeUndefined();
});

it('[members.cancel-turn] ends the run at its next boundary, and nothing else', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said, request) => {
    if (!said.includes('long') || hasResults(request)) return 'done';
    await gate.wait();
    return toolCalls(['peers', {}]);
  });
  const { mob, events } = await openTestMob({ model });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.cancelTurn('one');
  await mob.send('one', 'long');
  await gate.reached;
  await mob.cancelTurn('one');
  gate.open();
  await mob.whenIdle();
  expect(events.at(-1)?.payload).toMatchObject({ type: 'run_failed', error_class: 'cancelled' });
  await mob.send('one', 'short');
  await mob.whenIdle();
  expect(typesOf(events, 'one').at(-1)).toBe('run_completed');
  await expect(mob.cancelTurn('nobody')).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
});

it('[members.helper] does one task and is retired however it ends', async () => {
  const model = fakeModel((said) => {
    if (said.includes('fail')) throw new Error('told to');
    return said.includes('long') ? 'ääää' : 'short';
  });
  const { mob } = await openTestMob({ model });
  const helper = { identity: 'helper', profile: 'host' };
  expect(await mob.runHelper({ ...helper, task: 'a short one' })).toEqual({
    identity: 'helper',
    text: 'short',
    truncated: false,
  });
  expect(await mob.runHelper({ ...helper, task: 'a long one', maxTextBytes: 5 })).toEqual({
    identity: 'helper',
    text: 'ää\n[truncated]',
    truncated: true,
  });
  await expect(mob.runHelper({ ...helper, task: 'fail' })).rejects.toEqual(code('MOB_RUN_FAILED'));
  await expect(mob.runHelper({ ...helper, task: ' ' })).rejects.toThrow(TypeError);
  await expect(mob.runHelper({ ...helper, profile: 'nobody', task: 'x' })).rejects.toEqual(
    code('MOB_PROFILE_NOT_FOUND'),
  );
  expect(mob.members()).toEqual([]);
  expect(model.requests).toHaveLength(3);
});
