import type { AgentTool, MemberSnapshot, SpawnCustomizer } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls, userTexts } from '../../../test/fake-model.js';
import { kindsOf, openTestMob, testDefinition } from '../../../test/open-test-mob.js';
import { sessionsDefinition } from '../../members/session.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

const knock: AgentTool = {
  name: 'knock',
  description: 'Knocks',
  inputSchema: { type: 'object' },
  run: async (_args, { identity }) => `${identity} knocked`,
};

it('[members.resume-session] goes on with a kept conversation and its settings, without a kickoff', async () => {
  const model = fakeModel();
  const { mob, storage } = await openTestMob({ model });
  const one = { identity: 'one', profile: 'host', modelOverride: 'other', initialMessage: 'my name is Ada' };
  const { sessionId } = await mob.spawn(one);
  await mob.whenIdle();
  await mob.retire('one');
  const launch = { mode: 'resume', sessionId } as const;
  const resumed = await mob.spawn({ identity: 'one', profile: 'host', launch });
  expect(resumed).toMatchObject({ generation: 1, sessionId });
  expect(resumed).not.toHaveProperty('kickoff');
  await mob.whenIdle();
  expect(model.requests).toHaveLength(1);
  await mob.send('one', 'who am I?');
  await mob.whenIdle();
  expect(userTexts(model.requests.at(-1)?.messages ?? [])).toEqual([
    'my name is Ada',
    '[message from user]\nwho am I?',
  ]);
  expect(model.requests.at(-1)?.model).toBe('other');
  await mob.shutdown();
  const again = await openTestMob({ storage, model });
  await again.mob.send('one', 'and now?');
  await again.mob.whenIdle();
  expect(userTexts(model.requests.at(-1)?.messages ?? [])).toHaveLength(3);
});

it('[members.resume-refused] refuses a session that is not the one of that member, and spawns nobody', async () => {
  const { mob, storage } = await openTestMob();
  const retired = async (identity: string): Promise<MemberSnapshot> => {
    const member = await mob.spawn({ identity, profile: 'worker' });
    await mob.retire(identity);
    return member;
  };
  const { sessionId } = await retired('one');
  const { sessionId: torn } = await retired('torn');
  const records = storage.records(sessionsDefinition);
  const { fields = {}, data = '' } = (await records.get(torn)) ?? {};
  await records.put(torn, { fields, data: data.replace('"messages":0', '"messages":1') });
  const kinds = await kindsOf(mob);
  const refused = async (identity: string, profile: string, kept: string) => {
    const launch = { mode: 'resume', sessionId: kept } as const;
    await expect(mob.spawn({ identity, profile, launch })).rejects.toEqual(code('MOB_SESSION_UNUSABLE'));
  };
  await refused('one', 'worker', 'no-such');
  await refused('two', 'worker', sessionId);
  await refused('one', 'host', sessionId);
  await refused('torn', 'worker', torn);
  expect(await kindsOf(mob)).toEqual(kinds);
});

it('[members.fork] begins with what was said in the session of another', async () => {
  const model = fakeModel((said, request) => {
    if (said.includes('knock') && !hasResults(request)) return toolCalls(['peers', {}]);
    return `heard: ${said}`;
  });
  const { mob, storage } = await openTestMob({ model });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.send('one', 'first');
  await mob.send('one', 'knock');
  await mob.whenIdle();
  const fork = (identity: string, history: object) =>
    mob.spawn({
      identity,
      profile: 'worker',
      launch: { mode: 'fork', source: 'one', history: history as { type: 'full_history' } },
    });
  await fork('all', { type: 'full_history' });
  await fork('last', { type: 'last_messages', count: 1 });
  await mob.shutdown();

  const again = await openTestMob({ storage, model });
  for (const name of ['all', 'last']) await again.mob.send(name, `go ${name}`);
  await again.mob.whenIdle();
  const read = (name: string) => {
    const found = model.requests.find(({ agent }) => agent.identity === name);
    return userTexts(found?.messages ?? []);
  };
  const [all, goAll] = read('all');
  expect(all).toContain('What was said in the session of one');
  expect(all).toContain('user: [message from user]\nfirst');
  expect(all).toContain('called peers({})');
  expect(goAll).toBe('[message from user]\ngo all');
  const [last] = read('last');
  expect(last).toMatch(/:\n\nassistant: heard: \[\]$/);
  expect(again.mob.member('one')).toMatchObject({ generation: 0 });
  await expect(
    again.mob.spawn({
      identity: 'x',
      profile: 'worker',
      launch: { mode: 'fork', source: 'nobody', history: { type: 'full_history' } },
    }),
  ).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
});

it('[members.overrides] takes what the spawn gives instead of what the profile says, after a restart too', async () => {
  const model = fakeModel();
  const { mob, storage } = await openTestMob({ model });
  await mob.spawn({
    identity: 'one',
    profile: 'hermit',
    profileOverride: { model: 'never', tools: { comms: true }, external_addressable: true, skills: [] },
    modelOverride: 'special',
    additionalInstructions: ['be kind'],
    runtimeMode: 'turn_driven',
    context: { ticket: 7 },
    tools: [knock],
  });
  await mob.send('one', 'hello');
  await mob.whenIdle();
  const check = () => {
    const request = model.requests.at(-1)!;
    expect(request.model).toBe('special');
    expect(request.messages[0]?.content).toContain('be kind');
    return request.tools.map(({ name }) => name);
  };
  expect(check()).toContain('knock');
  await mob.shutdown();
  const again = await openTestMob({ storage, model });
  await again.mob.send('one', 'hello again');
  await again.mob.whenIdle();
  expect(check()).not.toContain('knock');
});

it('[members.spec-checked] refuses what is not what it says, naming the field', async () => {
  const { mob } = await openTestMob();
  const bad: readonly (readonly [string, object])[] = [
    ['launch', { launch: { mode: 'again' } }],
    ['launch', { launch: { mode: 'fork', source: 'x', history: { type: 'last_messages', count: 0 } } }],
    ['profileOverride', { profileOverride: { tools: {} } }],
    ['modelOverride', { modelOverride: ' ' }],
    ['providerParamsOverride', { providerParamsOverride: 'hot' }],
    ['toolAccess', { toolAccess: { type: 'allow_list' } }],
    ['budget', { budget: { maxTokens: 0 } }],
    ['wireTo', { wireTo: 7 }],
    ['tools', { tools: [{}] }],
    ['context', { context: { when: Number.NaN } }],
  ];
  for (const [field, more] of bad) {
    const spawned = mob.spawn({ identity: 'one', profile: 'worker', ...more });
    await expect(spawned).rejects.toThrow(TypeError);
    await expect(spawned).rejects.toThrow(new RegExp(`^${field}`));
  }
  expect(mob.members()).toEqual([]);
});

it('[members.wire-to] wires to whom it is given, or spawns nobody', async () => {
  const { mob, storage } = await openTestMob();
  const { sessionId } = await mob.spawn({ identity: 'boss', profile: 'lead' });
  const outcomes = await mob.spawnMany([
    { identity: 'one', profile: 'worker', wireTo: 'boss' },
    { identity: 'two', profile: 'worker', wireTo: 'one' },
    { identity: 'three', profile: 'worker', wireTo: 'nobody' },
    { identity: 'four', profile: 'worker', wireTo: 'four' },
  ]);
  expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error : outcome.member.wiredTo))).toEqual([
    ['boss', 'two'],
    ['one'],
    code('MOB_MEMBER_NOT_FOUND'),
    code('MOB_WIRING_INVALID'),
  ]);
  await mob.shutdown();
  await storage.records(sessionsDefinition).delete(sessionId);
  const again = await openTestMob({ storage });
  await expect(again.mob.spawn({ identity: 'five', profile: 'worker', wireTo: 'boss' })).rejects.toEqual(
    code('MOB_MEMBER_BROKEN'),
  );
  expect((await storage.records(sessionsDefinition).list({})).records).toHaveLength(2);
});

it('[members.customizer] lets the host change specs, and asks it again when the mob is opened', async () => {
  const asked: string[] = [];
  const customizeSpawn: SpawnCustomizer = (spec, source) => {
    asked.push(`${spec.identity} ${source}`);
    if (spec.identity === 'cursed' && source === 'resume') throw new Error('no tools for it');
    if (spec.identity === 'renamed') return { ...spec, identity: 'other' };
    return { ...spec, tools: [knock], modelOverride: `m-${source}` };
  };
  const model = fakeModel();
  const definition = { ...testDefinition, members: [{ identity: 'cursed', profile: 'worker' }] };
  const { mob, storage } = await openTestMob({ model, customizeSpawn, definition });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.respawn('one');
  await expect(mob.spawn({ identity: 'renamed', profile: 'worker' })).rejects.toThrow(/renamed "renamed"/);
  await mob.shutdown();
  const again = await openTestMob({ storage, model, customizeSpawn, definition });
  await again.mob.send('one', 'hello');
  await again.mob.whenIdle();
  expect(model.requests[0]?.model).toBe('m-resume');
  expect(model.requests[0]?.tools.map(({ name }) => name)).toContain('knock');
  expect(again.report.broken).toEqual([
    { identity: 'cursed', error: expect.stringContaining('no tools for it') },
  ]);
  expect(asked).toEqual([
    'cursed spawn',
    'one spawn',
    'one respawn',
    'renamed spawn',
    'cursed resume',
    'one resume',
  ]);
});
