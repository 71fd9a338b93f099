import { appends, FaultyStorage, unavailable } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';
import type { MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, lastText, toolCalls } from '../../test/fake-model.js';
import { kindsOf, ledgerOf, memoryStorage, openTestMob } from '../../test/open-test-mob.js';

const profile = {
  model: 'fake',
  tools: { comms: true, mob: true },
  external_addressable: true,
  runtime_mode: 'turn_driven',
} as const;

const parent: MobDefinition = {
  id: 'parent',
  profiles: { boss: profile, plain: { ...profile, tools: { comms: true } } },
};
const child: MobDefinition = {
  id: 'child',
  profiles: { worker: { model: 'fake', tools: { comms: true }, runtime_mode: 'turn_driven' } },
  members: [{ identity: 'one', profile: 'worker' }],
};

/** A mob whose members call what they are told, as `tool {json}`; others answer. */
async function open(storage?: Storage, definition: MobDefinition = parent) {
  const results: string[] = [];
  const model = fakeModel((said, request) => {
    if (hasResults(request)) {
      results.push(said);
      return 'done';
    }
    const [, name, args] = /(?:^|\n)(\w+) (\{[^]*\})$/.exec(said) ?? [];
    return name && args && request.agent.mobId === 'parent'
      ? toolCalls([name, JSON.parse(args)])
      : `heard ${said}`;
  });
  const opened = await openTestMob({ definition, model, ...(storage && { storage }) });
  const call = async (identity: string, tool: string, args: unknown = {}) => {
    await opened.mob.send(identity, `${tool} ${JSON.stringify(args)}`);
    await opened.mob.whenIdle();
    return results.at(-1) ?? '';
  };
  const children = opened.engine.childMobs;
  if (!children) throw new Error('The engine has no child mobs');
  return { ...opened, model, call, children };
}

it('[children.create] lets an agent make a mob, look at it, change it and destroy it, each change in the ledger of its own mob', async () => {
  const { mob, call, children } = await open();
  await mob.spawn({ identity: 'boss', profile: 'boss' });
  const changes: number[] = [];
  children.onChange(() => changes.push(children.handles().size));
  expect(JSON.parse(await call('boss', 'mob_create', { definition: child }))).toMatchObject({
    mob_id: 'child',
    state: 'Running',
    members: [{ member_id: 'one' }],
  });
  expect(JSON.parse(await call('boss', 'mob_list'))).toMatchObject([{ mob_id: 'child' }]);
  await call('boss', 'mob_spawn_member', { mob_id: 'child', profile: 'worker', member_id: 'two' });
  await call('boss', 'mob_wire', { mob_id: 'child', member: 'one', peer: 'two' });
  expect(JSON.parse(await call('boss', 'mob_list_members', { mob_id: 'child' }))).toMatchObject([
    { member_id: 'one', wired_to: ['two'] },
    { member_id: 'two' },
  ]);
  await call('boss', 'mob_unwire', { mob_id: 'child', member: 'one', peer: 'two' });
  await call('boss', 'mob_retire_member', { mob_id: 'child', member_id: 'two' });
  expect(children.handles().get('child')?.members()).toMatchObject([{ identity: 'one', wiredTo: [] }]);
  await call('boss', 'mob_destroy', { mob_id: 'child' });
  expect(changes).toEqual([1, 0]);
  const actions = (await ledgerOf(mob)).flatMap(({ kind }) =>
    kind.type === 'operator_action_recorded' ? [kind.tool_name] : [],
  );
  expect(actions).toEqual([
    'mob_create',
    'mob_spawn_member',
    'mob_wire',
    'mob_unwire',
    'mob_retire_member',
    'mob_destroy',
  ]);
});

it('[children.access] refuses whoever did not make a mob before it looks at what was sent, and its own mob for all but spawning', async () => {
  const { mob, call, children } = await open();
  for (const identity of ['boss', 'other']) await mob.spawn({ identity, profile: 'boss' });
  await call('boss', 'mob_create', { definition: child });
  for (const [tool, args] of [
    ['mob_destroy', { mob_id: 'child' }],
    ['mob_retire_member', { mob_id: 'child', wrong: true }],
    ['mob_spawn_member', { mob_id: 'child' }],
    ['mob_retire_member', { mob_id: 'parent', member_id: 'boss' }],
  ] as const) {
    expect(await call('other', tool, args)).toContain('MOB_ACCESS_DENIED');
  }
  expect(await call('other', 'mob_list')).toBe('[]');
  expect(children.handles().size).toBe(1);
  await call('other', 'mob_spawn_member', {
    mob_id: 'parent',
    profile: 'plain',
    member_id: 'new',
    auto_wire_parent: true,
  });
  expect(mob.member('new')).toMatchObject({ role: 'plain', wiredTo: ['other'] });
  await mob.spawn({ identity: 'plain', profile: 'plain' });
  expect(await call('plain', 'mob_list')).toContain('There is no tool');
});

it('[children.taken] makes no mob under an id that is taken, nor of a definition that is none', async () => {
  const { mob, call } = await open();
  await mob.spawn({ identity: 'boss', profile: 'boss' });
  await call('boss', 'mob_create', { definition: child });
  expect(await call('boss', 'mob_create', { definition: child })).toContain('MOB_CONFLICT');
  expect(await call('boss', 'mob_create', { definition: { ...child, id: 'parent' } })).toContain(
    'MOB_CONFLICT',
  );
  expect(await call('boss', 'mob_create', { definition: { id: 'empty', profiles: {} } })).toContain(
    'MOB_DEFINITION_INVALID',
  );
  expect(JSON.parse(await call('boss', 'mob_list'))).toHaveLength(1);
});

it('[children.events] tells what members of such a mob do to whoever hears its parent', async () => {
  const { mob, call, events, children } = await open();
  await mob.spawn({ identity: 'boss', profile: 'boss' });
  await call('boss', 'mob_create', { definition: child });
  const made = children.handles().get('child');
  await made?.send('one', 'hello', { internal: true });
  await made?.whenIdle();
  expect(events.filter(({ mobId }) => mobId === 'child').map(({ payload }) => payload.type)).toContain(
    'run_completed',
  );
});

it('[children.restart] opens them again with their parent, shuts them down and destroys them with it', async () => {
  const storage = await memoryStorage();
  const first = await open(storage);
  await first.mob.spawn({ identity: 'boss', profile: 'boss' });
  await first.call('boss', 'mob_create', { definition: child });
  await first.mob.shutdown();
  expect(first.children.handles().size).toBe(0);
  const second = await open(storage);
  expect([...second.children.handles().keys()]).toEqual(['child']);
  expect(
    JSON.parse(await second.call('boss', 'mob_check_member', { mob_id: 'child', member_id: 'one' })),
  ).toMatchObject({
    status: 'active',
  });
  await second.mob.destroy();
  expect(second.children.handles().size).toBe(0);
  await second.mob.shutdown();
  const third = await open(storage);
  expect(third.children.handles().size).toBe(0);
});

it('[children.delegate] gives a task to a helper, who can report, and ends its mob with the session of who asked', async () => {
  const { mob, call, children, model } = await open();
  await mob.spawn({ identity: 'boss', profile: 'boss' });
  const answer = JSON.parse(await call('boss', 'delegate', { task: 'count to three' }));
  expect(answer).toMatchObject({ status: 'delegated', peer_id: 'delegate-1' });
  const helpers = children.handles().get(answer.mob_id);
  await helpers?.whenIdle();
  const asked = model.requests.findLast(({ agent }) => agent.identity === 'delegate-1');
  expect(asked && lastText(asked)).toContain('count to three');
  await helpers?.sendAsMember('delegate-1', 'boss', 'one, two, three');
  await mob.send('boss', 'hello');
  await mob.whenIdle();
  expect(JSON.stringify(model.requests.map(({ messages }) => messages))).toContain('one, two, three');
  expect(await call('boss', 'delegate', { task: 'again' })).toContain('delegate-2');
  expect(children.handles().size).toBe(1);
  const gone = new Promise<void>((resolve) => {
    children.onChange(() => children.handles().size === 0 && resolve());
  });
  await mob.resetMember('boss');
  await gone;
  expect(await kindsOf(mob)).toContain('operator_action_recorded');
});

it('[children.gone] finds nobody in a mob that was destroyed, and ends delegations after a destroy that failed', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob, call, children } = await open(storage);
  await mob.spawn({ identity: 'boss', profile: 'boss' });
  const delegateAndReset = async () => {
    await call('boss', 'delegate', { task: 'count' });
    const gone = new Promise<void>((resolve) => {
      children.onChange(() => children.handles().size === 0 && resolve());
    });
    await mob.resetMember('boss');
    await gone;
  };
  await delegateAndReset();
  await expect(mob.sendAsMember('boss', 'delegate-1', 'hello')).rejects.toMatchObject({
    code: 'MOB_PEER_UNREACHABLE',
  });
  storage.beforeCommit = (write) => {
    if (appends(write, 'mob_destroying')) throw unavailable();
  };
  await expect(mob.destroy()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  storage.beforeCommit = () => {};
  expect(await mob.status()).toBe('Running');
  await delegateAndReset();
  expect(children.handles().size).toBe(0);
});

it('[children.gated] holds the tools that are gated in the mob of the agent gated in what it makes, the stricter tier', async () => {
  const gated = { deploy: 'r3', search: 'r2' } as const;
  const definition = { ...parent, profiles: { ...parent.profiles, plain: { ...profile, tools: { gated } } } };
  const opened = await open(undefined, definition);
  await opened.mob.spawn({ identity: 'boss', profile: 'boss' });
  const loose = { ...child.profiles['worker'], tools: { comms: true, gated: { deploy: 'r0', wipe: 'r3' } } };
  const made = { ...child, profiles: { ...child.profiles, loose } };
  await opened.call('boss', 'mob_create', { definition: made });
  const profiles = opened.children.handles().get('child')?.definition.profiles;
  expect(profiles?.['worker']?.tools?.gated).toEqual(gated);
  expect(profiles?.['loose']?.tools?.gated).toEqual({ ...gated, wipe: 'r3' });
  for (const broken of [
    { profiles: [] },
    { profiles: { worker: 5 } },
    { profiles: { worker: { tools: 5 } } },
  ]) {
    const said = await opened.call('boss', 'mob_create', { definition: { id: 'broken', ...broken } });
    expect(said).toContain('MOB_DEFINITION_INVALID');
  }
});
