import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { fakeModel } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import { openTestMob } from '../../../test/open-test-mob.js';
import { sessionsDefinition } from '../../members/session.js';

const code = (expected: string) => expect.objectContaining({ code: expected });
const hosts = (...names: readonly string[]) => names.map((identity) => ({ identity, profile: 'host' }));

/** Each of these says hello only when its gate is open; `bad` fails then. */
function gated(...names: readonly string[]) {
  const gates = new Map(names.map((name) => [name, new Gate()]));
  const model = fakeModel(async (_said, { agent: { identity } }) => {
    await gates.get(identity)?.wait();
    if (identity === 'bad') throw new Error('told to');
    return 'hello';
  });
  return { model, gate: (name: string) => gates.get(name)! };
}

it('[members.wait-kickoff] ends with the last first turn of those who were there, well or not', async () => {
  const { model, gate } = gated('one', 'bad', 'gone', 'later');
  const first = await openTestMob({ model, start: false });
  const lost = await first.mob.spawn({ identity: 'lost', profile: 'host' });
  await first.mob.shutdown();
  await first.storage.records(sessionsDefinition).delete(lost.sessionId);

  const { mob } = await openTestMob({ model, storage: first.storage });
  await mob.waitForKickoff();
  await mob.spawnMany([...hosts('one', 'bad', 'gone'), { identity: 'quiet', profile: 'worker' }]);
  let over = false;
  const waited = mob.waitForKickoff().then(() => (over = true));
  await mob.spawnMany(hosts('later'));
  gate('one').open();
  gate('bad').open();
  await Promise.all([gate('gone').reached, gate('later').reached]);
  await mob.ensure({ identity: 'quiet', profile: 'worker' });
  expect(over).toBe(false);
  await mob.retire('gone');
  await waited;
  expect(mob.member('bad')?.kickoff).toBe('failed');
  expect(mob.member('later')?.kickoff).toBe('starting');
  gate('later').open();
  await mob.whenIdle();
});

it('[members.wait-timeout] fails with those who are still to come, and leaves no timer', async () => {
  const clock = new ManualClock(1_000);
  const { mob } = await openTestMob({ clock, start: false });
  await mob.spawnMany(hosts('two', 'done', 'one'));
  const waited = mob.waitForKickoff({ timeoutMs: 50 }).catch((error: unknown) => error);
  await mob.resetMember('done');
  const unlimited = mob.waitForKickoff().catch((error: unknown) => error);
  clock.advance(50);
  expect(await waited).toMatchObject({
    code: 'MOB_KICKOFF_TIMEOUT',
    retryable: true,
    details: { pending: ['one', 'two'] },
  });
  clock.advance(600_000 - 50);
  expect(await unlimited).toEqual(code('MOB_KICKOFF_TIMEOUT'));

  const controller = new AbortController();
  const aborted = mob.waitForKickoff({ signal: controller.signal }).catch((error: unknown) => error);
  controller.abort(new Error('never mind'));
  expect(await aborted).toEqual(new Error('never mind'));
  const closed = mob.waitForKickoff().catch((error: unknown) => error);
  const shutdown = mob.shutdown();
  expect(await closed).toEqual(code('MOB_SHUTTING_DOWN'));
  await shutdown;
  expect(clock.holding).toBe(0);
});

it('[members.wait-ready] ends as soon as the mob is started, at once for turn-driven members', async () => {
  const clock = new ManualClock(1_000);
  const { mob } = await openTestMob({ clock, start: false });
  await mob.spawn({ identity: 'quiet', profile: 'worker' });
  await mob.waitForReady();
  await mob.spawnMany(hosts('one'));
  const late = mob.waitForReady().catch((error: unknown) => error);
  clock.advance(60_000);
  expect(await late).toMatchObject({ code: 'MOB_READY_TIMEOUT', details: { pending: ['one'] } });
  // Nothing is left to do, so nothing else will be told.
  await mob.resetMember('one');
  const ready = mob.waitForReady();
  mob.start();
  await ready;
  await mob.whenIdle();
});
