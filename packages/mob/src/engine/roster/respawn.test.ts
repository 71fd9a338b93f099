import { appends, FaultyStorage, unavailable } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { fakeModel, userTexts } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import {
  ledgerOf,
  memoryStorage,
  openTestMob,
  testDefinition,
  typesOf,
} from '../../../test/open-test-mob.js';
import { inputsDefinition } from '../../members/input.js';
import { sessionsDefinition } from '../../members/session.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

it('[members.respawn] is the next incarnation with an empty session, and keeps all that the old one was given', async () => {
  const model = fakeModel();
  const wiring = { role_wiring: [{ a: 'host', b: 'worker' }] };
  const { mob, storage } = await openTestMob({ model, definition: { ...testDefinition, wiring } });
  const before = await mob.spawn({
    identity: 'one',
    profile: 'worker',
    labels: { team: 'red' },
    runtimeMode: 'autonomous_host',
    modelOverride: 'other',
    additionalInstructions: ['be kind'],
  });
  await mob.spawnMany(['two', 'three'].map((identity) => ({ identity, profile: 'worker' })));
  await mob.wire('one', 'two');
  await mob.whenIdle();
  const at = (await ledgerOf(mob)).length;
  const after = await mob.respawn('one', { initialMessage: 'once more' });
  expect(after).toMatchObject({ generation: 1, fenceToken: 4, wiredTo: ['two'], labels: { team: 'red' } });
  expect(after).toMatchObject({ runtimeMode: 'autonomous_host', status: 'active', kickoff: 'pending' });
  expect(after.sessionId).not.toBe(before.sessionId);
  expect(mob.member('two')?.wiredTo).toEqual(['one']);
  await mob.whenIdle();
  expect((await ledgerOf(mob)).slice(at, at + 3).map(({ kind }) => kind)).toEqual([
    { type: 'members_unwired', a: 'one', b: 'two' },
    { type: 'member_retired', agent_identity: 'one', generation: 0, role: 'worker' },
    expect.objectContaining({
      type: 'member_spawned',
      generation: 1,
      fence_token: 4,
      labels: { team: 'red' },
    }),
  ]);
  const { messages, model: asked } = model.requests.at(-1)!;
  expect(asked).toBe('other');
  expect(userTexts(messages)).toEqual(['once more']);
  expect(messages[0]?.content).toContain('be kind');
  const archived = await storage.records(sessionsDefinition).get(before.sessionId);
  expect(JSON.parse(archived?.data ?? '')).toHaveProperty('archived_at_ms');
  await expect(mob.respawn('nobody')).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
});

it('[members.respawn-whole] leaves the member as it was when its return is not kept or not allowed', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob, events } = await openTestMob({
    storage,
    customizeSpawn: (spec, source) => (source === 'respawn' ? { ...spec, profile: 'nobody' } : spec),
  });
  const plain = await openTestMob({ storage: new FaultyStorage(await memoryStorage()) });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await expect(mob.respawn('one')).rejects.toThrow(/changed the profile/);
  await mob.send('one', 'still there?');
  await mob.whenIdle();
  expect(typesOf(events, 'one').at(-1)).toBe('run_completed');

  const before = await plain.mob.spawn({ identity: 'one', profile: 'worker' });
  const faulty = plain.storage as FaultyStorage;
  faulty.beforeCommit = (write) => {
    if (appends(write, 'member_retired')) throw unavailable();
  };
  await expect(plain.mob.respawn('one')).rejects.toEqual(code('MOB_STORE_UNAVAILABLE'));
  faulty.beforeCommit = () => {};
  expect(plain.mob.member('one')).toEqual(before);
  await plain.mob.send('one', 'still there?');
  await plain.mob.whenIdle();
  expect(typesOf(plain.events, 'one').at(-1)).toBe('run_completed');
});

it('[members.reset] empties the session under the next generation, and keeps wires, labels and settings', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said) => (said.includes('slow') ? (await gate.wait(), 'x') : 'done'));
  const { mob, storage } = await openTestMob({ model, start: false });
  const labels = { team: 'red' };
  const one = { identity: 'one', profile: 'host', labels, modelOverride: 'other', initialMessage: 'begin' };
  const before = await mob.spawn(one);
  await mob.spawn({ identity: 'two', profile: 'worker' });
  await mob.wire('one', 'two');
  await mob.send('one', 'never read');
  const at = (await ledgerOf(mob)).length;
  const after = await mob.resetMember('one');
  expect(after).toEqual({
    ...before,
    generation: 1,
    fenceToken: 3,
    sessionId: after.sessionId,
    wiredTo: ['two'],
    kickoff: 'cancelled',
  });
  expect((await ledgerOf(mob)).slice(at).map(({ kind }) => kind)).toEqual([
    expect.objectContaining({ type: 'member_kickoff_updated', member: 'one' }),
    {
      type: 'member_reset',
      agent_identity: 'one',
      previous_generation: 0,
      new_generation: 1,
      fence_token: 3,
      agent_runtime_id: { identity: 'one', generation: 1 },
    },
  ]);
  expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
  mob.start();
  await mob.send('one', 'slow');
  await gate.reached;
  await mob.resetMember('one');
  gate.open();
  await mob.send('one', 'hello');
  await mob.whenIdle();
  expect(userTexts(model.requests.at(-1)?.messages ?? [])).toEqual(['[message from user]\nhello']);
  expect(model.requests.at(-1)?.model).toBe('other');
  await mob.shutdown();
  const again = await openTestMob({ storage });
  expect(again.mob.member('one')).toMatchObject({ generation: 2, fenceToken: 4, status: 'active' });
  await expect(again.mob.resetMember('nobody')).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
});

it('[members.mend] refuses a broken member messages and wires until it is reset, respawned or retired', async () => {
  const first = await openTestMob();
  const names = ['lost', 'torn', 'gone'];
  const members = await first.mob.spawnMany(
    names.map((identity) => ({ identity, profile: 'worker', modelOverride: 'other' })),
  );
  await first.mob.spawn({ identity: 'fine', profile: 'worker' });
  await first.mob.wire('fine', 'torn');
  await first.mob.shutdown();
  const records = first.storage.records(sessionsDefinition);
  for (const outcome of members) {
    if ('error' in outcome) throw outcome.error;
    const { sessionId, identity } = outcome.member;
    const { fields = {}, data = '' } = (await records.get(sessionId)) ?? {};
    if (identity === 'torn')
      await records.put(sessionId, { fields, data: data.replace('"messages":0', '"messages":1') });
    else await records.delete(sessionId);
  }

  const { mob, report } = await openTestMob({ storage: first.storage });
  expect(report.broken.map(({ identity }) => identity)).toEqual(['gone', 'lost', 'torn']);
  await expect(mob.send('torn', 'hello')).rejects.toEqual(code('MOB_MEMBER_BROKEN'));
  await expect(mob.wire('torn', 'lost')).rejects.toEqual(code('MOB_MEMBER_BROKEN'));
  expect(await mob.resetMember('lost')).toMatchObject({ status: 'active', generation: 1 });
  expect(await mob.respawn('torn')).toMatchObject({ status: 'active', generation: 1, wiredTo: ['fine'] });
  await mob.retire('gone');
  await mob.spawn({ identity: 'gone', profile: 'worker' });
  for (const name of names) await mob.send(name, 'hello');
  await mob.whenIdle();
  const { data = '' } = (await records.get(mob.member('torn')?.sessionId ?? '')) ?? {};
  expect(JSON.parse(data)).toMatchObject({ model_override: 'other', runs: 1 });
});
