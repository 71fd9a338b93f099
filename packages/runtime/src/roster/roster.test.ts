import { expect, it } from 'vitest';

import { keepShape, names, wires, worker, workers } from '../../test/support/keep-shape.js';

it('[roster.spawn] calls the post-spawn hook with who was spawned, and tells of who could not be', async () => {
  const here = await keepShape();
  await here.runtime.roster.spawn(worker('a'));
  expect(here.hooked).toEqual([['a']]);
  const failed = here.runtime.roster.spawn({ identity: 'x', profile: 'nobody' });
  await expect(failed).rejects.toMatchObject({ code: 'MOB_PROFILE_NOT_FOUND' });
  expect(here.told).toEqual([
    {
      category: 'spawn_failure',
      memberId: 'x',
      profile: 'nobody',
      error: expect.stringMatching(/./u) as unknown,
    },
  ]);
  expect(here.hooked).toEqual([['a']]);
});

it('[roster.spawn-many] answers for each, tells of each that failed, and calls the hook once with the others', async () => {
  const here = await keepShape();
  const outcomes = await here.runtime.roster.spawnMany([
    worker('b'),
    { identity: 'x', profile: 'nobody' },
    worker('a'),
  ]);
  expect(outcomes.map((outcome) => [outcome.identity, 'member' in outcome])).toEqual([
    ['b', true],
    ['x', false],
    ['a', true],
  ]);
  expect(here.hooked).toEqual([['b', 'a']]);
  expect(here.told).toMatchObject([{ category: 'spawn_failure', memberId: 'x' }]);
  await here.runtime.roster.spawnMany([{ identity: 'y', profile: 'nobody' }]);
  expect(here.hooked).toEqual([['b', 'a']]);
});

it('[roster.no-hooks] works without hooks', async () => {
  const here = await keepShape({ hooks: {} });
  await here.runtime.roster.spawn(worker('a'));
  await here.runtime.shape.reconcile({ members: workers('b') });
  expect(names(here)).toEqual(['b']);
  expect(here.told).toEqual([]);
});

it('[roster.ensure] answers who is there, and spawns who is not, once', async () => {
  const here = await keepShape();
  const { roster } = here.runtime;
  const [one, other] = await Promise.all([roster.ensure(worker('a')), roster.ensure(worker('a'))]);
  expect(one.fenceToken).toBe(other.fenceToken);
  expect(await roster.ensure({ identity: 'a', profile: 'lead' })).toMatchObject({ role: 'worker' });
  expect(names(here)).toEqual(['a']);
});

it('[roster.ensure-by-label] answers who carries the label, and makes one who does, however many ask', async () => {
  const here = await keepShape();
  const { roster } = here.runtime;
  const all = await Promise.all(
    ['a', 'b', 'c'].map((name) => roster.ensureByLabel('desk', 'support', worker(name))),
  );
  expect(all.map(({ identity }) => identity)).toEqual(['a', 'a', 'a']);
  expect(roster.find('desk', 'support')).toMatchObject([{ identity: 'a', labels: { desk: 'support' } }]);
  expect(roster.find('desk', 'sales')).toEqual([]);
  expect(roster.find('toString', 'x')).toEqual([]);
  expect(names(here)).toEqual(['a']);
});

it('[roster.ensure-ended] ensures nobody once the runtime shuts down, not even who is there', async () => {
  const here = await keepShape();
  const { roster } = here.runtime;
  await roster.ensureByLabel('desk', 'support', worker('a'));
  await here.runtime.shutdown();
  const ensuring = roster.ensureByLabel('desk', 'support', worker('a'));
  await expect(ensuring).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
});

it('[roster.read] lists the roster, and knows nobody of an unknown name', async () => {
  const here = await keepShape();
  const { roster } = here.runtime;
  await roster.spawnMany(workers('b', 'a'));
  expect(roster.list().map(({ identity }) => identity)).toEqual(['a', 'b']);
  expect(roster.get('b')).toMatchObject({ identity: 'b', status: 'active' });
  expect(roster.get('nobody')).toBeUndefined();
});

it('[roster.lives] retires, respawns with a new session, and resets a member', async () => {
  const here = await keepShape();
  const { roster } = here.runtime;
  const [first] = [await roster.spawn(worker('a')), await roster.spawn(worker('b'))];
  await roster.wire('a', 'b');
  const second = await roster.respawn('a');
  expect(second).toMatchObject({ identity: 'a', wiredTo: ['b'] });
  expect(second.sessionId).not.toBe(first.sessionId);
  expect((await roster.reset('a')).generation).toBe(second.generation + 1);
  await roster.unwire('b', 'a');
  expect(wires(here)).toEqual([]);
  await roster.cancel('a');
  await roster.retire('a');
  expect(names(here)).toEqual(['b']);
});

it('[roster.ends] refuses commands once the runtime ends, and reads on', async () => {
  const here = await keepShape();
  const { roster } = here.runtime;
  await roster.spawn(worker('a'));
  await here.runtime.shutdown();
  for (const refused of [
    roster.spawn(worker('b')),
    roster.spawnMany([worker('b')]),
    roster.ensure(worker('b')),
    roster.retire('a'),
    roster.respawn('a'),
    roster.reset('a'),
    roster.wire('a', 'b'),
    roster.unwire('a', 'b'),
    roster.cancel('a'),
  ]) {
    await expect(refused).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
  }
  expect(roster.get('a')).toMatchObject({ identity: 'a' });
});
