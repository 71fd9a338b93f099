import { appends, FaultyStorage, unavailable } from '@mobkit/contract-kit';
import { MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { fakeModel } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import {
  kindsOf,
  ledgerOf,
  memoryStorage,
  openTestMob,
  testDefinition,
} from '../../../test/open-test-mob.js';

const code = (expected: string) => expect.objectContaining({ code: expected });
const workers = (...names: readonly string[]) => names.map((identity) => ({ identity, profile: 'worker' }));

/** Counts the commits that append this kind. */
async function counting(kind: string) {
  const storage = new FaultyStorage(await memoryStorage());
  const counted = { storage, commits: 0 };
  storage.beforeCommit = (write) => void (counted.commits += appends(write, kind) ? 1 : 0);
  return counted;
}

it('[members.spawn-many] answers for each in the order given, and writes the good ones together', async () => {
  const counted = await counting('member_spawned');
  const { mob } = await openTestMob({ storage: counted.storage, maxSessions: 3 });
  const outcomes = await mob.spawnMany([
    ...workers('c', 'a'),
    { identity: 'x', profile: 'nobody' },
    ...workers('c', 'b', 'd'),
  ]);
  expect(outcomes).toEqual([
    { identity: 'c', member: expect.objectContaining({ identity: 'c', fenceToken: 1 }) },
    { identity: 'a', member: expect.objectContaining({ identity: 'a', fenceToken: 2 }) },
    { identity: 'x', error: code('MOB_PROFILE_NOT_FOUND') },
    { identity: 'c', error: code('MOB_MEMBER_EXISTS') },
    { identity: 'b', member: expect.objectContaining({ identity: 'b', fenceToken: 3 }) },
    { identity: 'd', error: code('MOB_SESSION_LIMIT') },
  ]);
  expect(counted.commits).toBe(1);
  expect(await mob.spawnMany([])).toEqual([]);
});

it('[members.spawn-joined] keeps spawns asked for side by side together, and in their place among other commands', async () => {
  const counted = await counting('member_spawned');
  const wiring = { role_wiring: [{ a: 'worker', b: 'worker' }] };
  const { mob } = await openTestMob({ storage: counted.storage, definition: { ...testDefinition, wiring } });
  await Promise.all(workers('one', 'two', 'three').map((spec) => mob.spawn(spec)));
  expect(counted.commits).toBe(1);
  expect(mob.members().map(({ wiredTo }) => wiredTo.length)).toEqual([2, 2, 2]);

  const [four] = workers('four');
  const outcomes = await Promise.allSettled([mob.spawn(four!), mob.retire('four'), mob.spawn(four!)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  expect(mob.member('four')).toMatchObject({ generation: 1 });
  expect(counted.commits).toBe(3);
});

it('[members.spawn-alone] keeps each alone when the storage refuses them together', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob } = await openTestMob({ storage });
  storage.beforeCommit = ({ appends: written = [] }) => {
    if (written.some(({ entries }) => entries.some(({ data }) => data.includes('poison'))))
      throw new MobError('MOB_STORE_REFUSED', 'that is poison');
  };
  const labels = { why: 'poison' };
  const outcomes = await mob.spawnMany([
    ...workers('one'),
    { identity: 'two', profile: 'worker', labels },
    ...workers('three'),
  ]);
  expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error : outcome.member.fenceToken))).toEqual(
    [1, code('MOB_STORE_REFUSED'), 2],
  );
  expect(mob.members().map(({ identity }) => identity)).toEqual(['one', 'three']);
});

it('tells everybody of a batch that the storage is away, and spawns nobody', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob } = await openTestMob({ storage });
  storage.beforeCommit = () => {
    throw unavailable();
  };
  const outcomes = await mob.spawnMany(workers('one', 'two'));
  expect(outcomes).toEqual([
    { identity: 'one', error: code('MOB_STORE_UNAVAILABLE') },
    { identity: 'two', error: code('MOB_STORE_UNAVAILABLE') },
  ]);
  expect(mob.members()).toEqual([]);
});

it('[members.ensure] answers who is there, or spawns one, also when it is asked twice at once', async () => {
  const { mob } = await openTestMob();
  const labels = { first: 'yes' };
  const one = await mob.ensure({ identity: 'one', profile: 'worker', labels });
  expect(await mob.ensure({ identity: 'one', profile: 'host', labels: {} })).toEqual(one);
  const [two, again] = await Promise.all(workers('two', 'two').map((spec) => mob.ensure(spec)));
  expect(again).toEqual(two);
  expect(await kindsOf(mob)).toEqual(['mob_created', 'member_spawned', 'member_spawned']);
});

it('[members.reconcile] spawns who is missing, keeps who is there, and retires the rest when asked', async () => {
  const { mob } = await openTestMob();
  await mob.spawnMany(workers('kept', 'stale', 'back'));
  await mob.retire('back');
  const desired = [...workers('kept', 'new', 'back'), { identity: 'bad', profile: 'nobody' }];
  const failed = [{ identity: 'bad', error: code('MOB_PROFILE_NOT_FOUND') }];
  expect(await mob.reconcileMembers(desired)).toEqual({
    spawned: ['back', 'new'],
    kept: ['kept'],
    retired: [],
    failed,
  });
  expect(await mob.reconcileMembers(desired, { retireStale: true })).toEqual({
    spawned: [],
    kept: ['back', 'kept', 'new'],
    retired: ['stale'],
    failed,
  });
  expect(mob.members().map(({ identity }) => identity)).toEqual(['back', 'kept', 'new']);
  await expect(mob.reconcileMembers(workers('one', 'one'))).rejects.toThrow(TypeError);
});

it('[members.retire-all] ends runs side by side, says each wire and member once, and can be called again', async () => {
  const gate = new Gate();
  const storage = new FaultyStorage(await memoryStorage());
  const model = fakeModel(async () => (await gate.wait(), 'never'));
  const wiring = { role_wiring: [{ a: 'worker', b: 'worker' }] };
  const { mob, events } = await openTestMob({ storage, model, definition: { ...testDefinition, wiring } });
  await mob.spawnMany(workers('one', 'two', 'three'));
  await Promise.all(['one', 'two'].map((name) => mob.send(name, 'work')));
  await gate.reached;
  storage.beforeCommit = (write) => {
    if (appends(write, 'member_retired')) throw unavailable();
  };
  await expect(mob.retireAll()).rejects.toMatchObject({
    message: 'Still there: "one", "two", "three"',
    errors: Array.from({ length: 3 }, () => code('MOB_STORE_UNAVAILABLE')),
  });
  expect(mob.members().map(({ status }) => status)).toEqual(['active', 'active', 'active']);
  expect(events.filter(({ payload }) => payload.type === 'run_failed')).toHaveLength(2);
  storage.beforeCommit = () => {};
  const before = (await ledgerOf(mob)).length;
  await mob.retireAll();
  expect((await ledgerOf(mob)).slice(before).map(({ kind }) => kind)).toEqual([
    { type: 'members_unwired', a: 'one', b: 'three' },
    { type: 'members_unwired', a: 'one', b: 'two' },
    expect.objectContaining({ type: 'member_retired', agent_identity: 'one' }),
    { type: 'members_unwired', a: 'three', b: 'two' },
    expect.objectContaining({ type: 'member_retired', agent_identity: 'two' }),
    expect.objectContaining({ type: 'member_retired', agent_identity: 'three' }),
  ]);
  expect(mob.members()).toEqual([]);
  await mob.retireAll();
  await mob.whenIdle();
});
