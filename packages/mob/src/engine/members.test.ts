import { appends, FaultyStorage, unavailable } from '@mobkit/contract-kit';
import { isMobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import {
  kindsOf,
  ledgerOf,
  memoryStorage,
  openTestMob,
  testDefinition,
  typesOf,
} from '../../test/open-test-mob.js';
import { inputsDefinition } from '../members/input.js';
import { sessionsDefinition } from '../members/session.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

it('[mob.spawn] begins a session with the standard labels and says so in the ledger', async () => {
  const { mob, storage } = await openTestMob();
  const labels = { team: 'red', role: 'mine' };
  const member = await mob.spawn({ identity: 'one', profile: 'worker', labels });
  expect(member).toMatchObject({
    identity: 'one',
    generation: 0,
    fenceToken: 1,
    role: 'worker',
    status: 'active',
  });
  expect(member).toMatchObject({ runtimeMode: 'turn_driven', wiredTo: [], labels });
  const record = await storage.records(sessionsDefinition).get(member.sessionId);
  expect(JSON.parse(record?.data ?? '')).toMatchObject({
    labels: { team: 'red', mob_id: 'crew', role: 'worker', profile_name: 'worker', agent_identity: 'one' },
  });
  expect((await ledgerOf(mob)).at(-1)?.kind).toEqual({
    type: 'member_spawned',
    agent_identity: 'one',
    generation: 0,
    fence_token: 1,
    agent_runtime_id: { identity: 'one', generation: 0 },
    role: 'worker',
    runtime_mode: 'turn_driven',
    labels,
  });
});

it('[mob.spawn-refused] refuses a second member of a name, unknown profiles, those without comms and one too many', async () => {
  const { mob } = await openTestMob({ maxSessions: 2 });
  const twice = await Promise.allSettled([
    mob.spawn({ identity: 'one', profile: 'worker' }),
    mob.spawn({ identity: 'one', profile: 'worker' }),
  ]);
  expect(twice[1]).toMatchObject({ status: 'rejected', reason: { code: 'MOB_MEMBER_EXISTS' } });
  await expect(mob.spawn({ identity: 'two', profile: 'nobody' })).rejects.toEqual(
    code('MOB_PROFILE_NOT_FOUND'),
  );
  await expect(mob.spawn({ identity: 'two', profile: 'toString' })).rejects.toEqual(
    code('MOB_PROFILE_NOT_FOUND'),
  );
  await expect(mob.spawn({ identity: 'two', profile: 'mute' })).rejects.toEqual(code('MOB_WIRING_INVALID'));
  await expect(mob.spawn({ identity: '__flow_x', profile: 'worker' })).rejects.toThrow(TypeError);
  await expect(mob.spawn({ identity: 'a b', profile: 'worker' })).rejects.toThrow(TypeError);
  await mob.spawn({ identity: 'two', profile: 'worker' });
  await expect(mob.spawn({ identity: 'three', profile: 'worker' })).rejects.toMatchObject({
    code: 'MOB_SESSION_LIMIT',
    message: expect.stringContaining('Max sessions reached (2)'),
  });
  expect(await kindsOf(mob)).toEqual(['mob_created', 'member_spawned', 'member_spawned']);
});

it('[mob.spawn-checked] refuses labels and instructions that are not what they should be, naming the field', async () => {
  const { mob } = await openTestMob();
  const spawn = (more: object) => mob.spawn({ identity: 'one', profile: 'worker', ...more });
  for (const labels of [null, ['a'], 'a', { a: 1 }, { a: 'x'.repeat(401) }, { ['\0']: 'a' }, { a: '\0' }]) {
    await expect(spawn({ labels })).rejects.toThrow(/labels/);
  }
  for (const additionalInstructions of [null, 'be kind', ['be kind', 7]]) {
    await expect(spawn({ additionalInstructions })).rejects.toThrow(/^additionalInstructions /);
  }
  await expect(spawn({ initialMessage: 7 })).rejects.toThrow(/^initialMessage /);
  expect(await kindsOf(mob)).toEqual(['mob_created']);
});

it('[mob.spawn-rollback] leaves nothing behind when the ledger does not take a spawn', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const wiring = { role_wiring: [{ a: 'host', b: 'host' }] };
  const { mob } = await openTestMob({ storage, definition: { ...testDefinition, wiring } });
  await mob.spawn({ identity: 'one', profile: 'host' });
  await mob.whenIdle();
  storage.beforeCommit = (write) => {
    if (appends(write, 'member_spawned')) throw unavailable();
  };
  await expect(mob.spawn({ identity: 'two', profile: 'host' })).rejects.toEqual(
    code('MOB_STORE_UNAVAILABLE'),
  );
  expect(mob.members().map(({ identity, wiredTo }) => [identity, wiredTo])).toEqual([['one', []]]);
  expect((await storage.records(sessionsDefinition).list({})).records).toHaveLength(1);
  expect((await storage.records(inputsDefinition).list({})).records).toHaveLength(0);
  await mob.whenIdle();
  storage.beforeCommit = () => {};
  expect(await mob.spawn({ identity: 'two', profile: 'host' })).toMatchObject({
    generation: 0,
    wiredTo: ['one'],
  });
});

it('[mob.lost-answer] finds out what became of a commit whose answer was lost, and does not stop for it', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob, errors } = await openTestMob({ storage });
  storage.afterCommit = () => {
    storage.afterCommit = () => {};
    throw unavailable();
  };
  expect(await mob.spawn({ identity: 'one', profile: 'worker' })).toMatchObject({ fenceToken: 1 });

  storage.afterCommit = () => {
    storage.beforeRead = () => {
      throw unavailable();
    };
    throw unavailable();
  };
  await expect(mob.spawn({ identity: 'two', profile: 'worker' })).rejects.toEqual(
    code('MOB_STORE_UNAVAILABLE'),
  );
  expect(mob.member('two')).toBeUndefined();
  storage.afterCommit = () => {};
  storage.beforeRead = () => {};
  await mob.wire('one', 'one').catch(() => {});
  expect(mob.member('two')).toMatchObject({ fenceToken: 2 });
  await mob.wire('one', 'two');
  expect(await kindsOf(mob)).toEqual(['mob_created', 'member_spawned', 'member_spawned', 'members_wired']);
  expect(errors).toEqual([]);
});

it('[mob.auto-wiring] wires a new member as the definition says, once each, never to itself or to a broken one', async () => {
  const wiring = {
    auto_wire_orchestrator: true,
    role_wiring: [
      { a: 'worker', b: 'hermit' },
      { a: 'hermit', b: 'worker' },
      { a: 'worker', b: 'worker' },
    ],
  };
  const definition = { ...testDefinition, wiring };
  const first = await openTestMob({ definition });
  await first.mob.spawn({ identity: 'w1', profile: 'worker' });
  const lost = await first.mob.spawn({ identity: 'w0', profile: 'worker' });
  await first.mob.spawn({ identity: 'boss', profile: 'lead' });
  await first.mob.spawn({ identity: 'h1', profile: 'hermit' });
  await first.mob.shutdown();
  await first.storage.records(sessionsDefinition).delete(lost.sessionId);

  const { mob } = await openTestMob({ definition, storage: first.storage });
  expect(await mob.spawn({ identity: 'w2', profile: 'worker' })).toMatchObject({
    wiredTo: ['boss', 'h1', 'w1'],
  });
  expect(mob.member('h1')?.wiredTo).toEqual(['boss', 'w0', 'w1', 'w2']);
  expect(mob.member('boss')?.wiredTo).toEqual(['h1', 'w0', 'w1', 'w2']);
  expect((await ledgerOf(mob)).at(-1)?.kind).toEqual({
    type: 'members_wired_batch',
    edges: [
      { a: 'boss', b: 'w2' },
      { a: 'h1', b: 'w2' },
      { a: 'w1', b: 'w2' },
    ],
  });
});

it('[mob.wire] wires both ways with one event, however often it is asked', async () => {
  const { mob } = await openTestMob();
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.spawn({ identity: 'two', profile: 'worker' });
  await Promise.all([mob.wire('two', 'one'), mob.wire('one', 'two')]);
  expect(mob.members().map(({ wiredTo }) => wiredTo)).toEqual([['two'], ['one']]);
  expect((await ledgerOf(mob)).slice(3).map(({ kind }) => kind)).toEqual([
    { type: 'members_wired', a: 'one', b: 'two' },
  ]);
  await expect(mob.wire('one', 'one')).rejects.toEqual(code('MOB_WIRING_INVALID'));
  await expect(mob.wire('one', 'three')).rejects.toEqual(code('MOB_MEMBER_NOT_FOUND'));
});

it('[mob.retire] interrupts, unwires, archives and removes a member in one step, and forgives one that is gone', async () => {
  const gate = new Gate();
  const model = fakeModel(async () => (await gate.wait(), 'never'));
  const { mob, events, storage } = await openTestMob({ model });
  const { sessionId } = await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.spawn({ identity: 'two', profile: 'worker' });
  await mob.wire('one', 'two');
  await mob.send('one', 'work');
  await mob.send('one', 'wait');
  await gate.reached;
  let late: Promise<unknown> = Promise.resolve();
  mob.onAgentEvent(({ payload }) => {
    if (payload.type === 'run_failed') late = mob.send('one', 'late').catch((error: unknown) => error);
  });
  await mob.retire('one');
  expect(await late).toEqual(code('MOB_MEMBER_NOT_FOUND'));

  expect(typesOf(events, 'one')).toEqual(['run_started', 'turn_started', 'turn_completed', 'run_failed']);
  expect(events.at(-1)?.payload).toMatchObject({ error_class: 'cancelled' });
  expect(mob.members().map(({ identity, wiredTo }) => [identity, wiredTo])).toEqual([['two', []]]);
  expect((await ledgerOf(mob)).slice(-2).map(({ kind }) => kind)).toEqual([
    { type: 'members_unwired', a: 'one', b: 'two' },
    { type: 'member_retired', agent_identity: 'one', generation: 0, role: 'worker' },
  ]);
  const session = await storage.records(sessionsDefinition).get(sessionId);
  expect(JSON.parse(session?.data ?? '')).toHaveProperty('archived_at_ms');
  expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
  await mob.whenIdle();
  const kinds = await kindsOf(mob);
  await mob.retire('one');
  await mob.retire('nobody');
  expect(await kindsOf(mob)).toEqual(kinds);
});

it('[mob.generation] gives an identity that comes back the next generation and a greater fence, after a restart too', async () => {
  const { mob, storage } = await openTestMob();
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.retire('one');
  expect(await mob.spawn({ identity: 'one', profile: 'worker' })).toMatchObject({
    generation: 1,
    fenceToken: 2,
  });
  await mob.retire('one');
  await mob.shutdown();
  const again = await openTestMob({ storage });
  expect(await again.mob.spawn({ identity: 'one', profile: 'worker' })).toMatchObject({
    generation: 2,
    fenceToken: 3,
  });
});

it('keeps a member whose retirement the ledger does not take', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob, events } = await openTestMob({ storage });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  storage.beforeCommit = (write) => {
    if (appends(write, 'member_retired')) throw unavailable();
  };
  await expect(mob.retire('one')).rejects.toSatisfy((error) => isMobError(error) && error.retryable);
  storage.beforeCommit = () => {};
  expect(mob.member('one')?.status).toBe('active');
  await mob.send('one', 'still there?');
  await mob.whenIdle();
  expect(typesOf(events, 'one').at(-1)).toBe('run_completed');
});

it('[mob.kickoff] says in the ledger how the first turn of an autonomous member goes', async () => {
  const model = fakeModel((said) => {
    if (said.startsWith('fail')) throw new Error('told to');
    return 'hello';
  });
  const { mob, clock } = await openTestMob({ model });
  await mob.spawn({ identity: 'one', profile: 'host' });
  await mob.spawn({ identity: 'two', profile: 'host', initialMessage: 'fail please' });
  await mob.spawn({ identity: 'three', profile: 'worker' });
  await mob.whenIdle();
  const phases = (await ledgerOf(mob)).flatMap(({ kind }) =>
    kind.type === 'member_kickoff_updated' ? [[kind.member, kind.kickoff.phase]] : [],
  );
  const of = (name: string) => phases.flatMap(([member, phase]) => (member === name ? [phase] : []));
  expect(of('one')).toEqual(['pending', 'starting', 'started']);
  expect(of('two')).toEqual(['pending', 'starting', 'failed']);
  expect(of('three')).toEqual([]);
  expect(mob.members().map(({ kickoff }) => kickoff)).toEqual(['started', undefined, 'failed']);
  const prompts = model.requests.map(({ messages }) => messages.at(-1)?.content);
  expect(prompts[0]).toMatch(/^You are one, host in mob crew\./);
  expect(prompts).toHaveLength(2);
  const updates = (await ledgerOf(mob)).filter(({ kind }) => kind.type === 'member_kickoff_updated');
  expect(updates.at(-1)).toMatchObject({
    kind: { kickoff: { error: 'told to', updated_at_ms: clock.now() } },
  });
});
