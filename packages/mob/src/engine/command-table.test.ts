import { isMobError } from '@mobkit/core';
import type { MobHandle, MobState } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { kindsOf, openTestMob } from '../../test/open-test-mob.js';
import { type CommandName, commandTable, ruleOf } from './command-table.js';

/** Each with names that nobody has, so that only the state can refuse it first. */
const calls: Partial<Record<CommandName, (mob: MobHandle) => Promise<unknown>>> = {
  spawn: (mob) => mob.spawn({ identity: 'nobody', profile: 'nothing' }),
  spawnMany: (mob) => mob.spawnMany([{ identity: 'nobody', profile: 'nothing' }]),
  ensure: (mob) => mob.ensure({ identity: 'nobody', profile: 'nothing' }),
  reconcileMembers: (mob) => mob.reconcileMembers([{ identity: 'nobody', profile: 'nothing' }]),
  retire: (mob) => mob.retire('nobody'),
  retireAll: (mob) => mob.retireAll(),
  wire: (mob) => mob.wire('nobody', 'none'),
  send: (mob) => mob.send('nobody', ' '),
  stop: (mob) => mob.stop(),
  resume: (mob) => mob.resume(),
  complete: (mob) => mob.complete(),
  reset: (mob) => mob.reset(),
  destroy: (mob) => mob.destroy(),
};

const ways: Readonly<Record<Exclude<MobState, 'Creating'>, (mob: MobHandle) => Promise<unknown>>> = {
  Running: async () => {},
  Stopped: (mob) => mob.stop(),
  Completed: (mob) => mob.complete(),
  Destroyed: (mob) => mob.destroy(),
};

const states = Object.keys(ways) as (keyof typeof ways)[];

it.each(states)(
  '[lifecycle.table] takes in %s what the table says, and refuses the rest before any other check',
  async (state) => {
    for (const command of Object.keys(calls) as CommandName[]) {
      const { mob } = await openTestMob();
      await ways[state](mob);
      const before = (await kindsOf(mob)).length;
      const error = await calls[command]!(mob).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const { from, to } = ruleOf(command);
      if (from.includes(state)) {
        expect(isMobError(error, 'MOB_INVALID_TRANSITION'), `${command} in ${state}`).toBe(false);
        if (to !== undefined) expect(await mob.status(), `${command} in ${state}`).toBe(to);
        continue;
      }
      expect(error, `${command} in ${state}`).toMatchObject({
        code: 'MOB_INVALID_TRANSITION',
        details: { state },
      });
      expect(await mob.status(), `${command} in ${state}`).toBe(state);
      expect(await kindsOf(mob), `${command} in ${state}`).toHaveLength(before);
    }
  },
);

it.each(states)('[lifecycle.reads] answers every read in %s', async (state) => {
  const { mob } = await openTestMob();
  await ways[state](mob);
  expect(await mob.status()).toBe(state);
  expect(mob.members()).toEqual([]);
  expect(mob.member('one')).toBeUndefined();
  expect(await mob.events.latestCursor()).toBeGreaterThan(0);
  expect((await mob.events.query({})).latestCursor).toBeGreaterThan(0);
  await expect(mob.whenIdle()).resolves.toBeUndefined();
  expect(mob.onAgentEvent(() => {})).toBeTypeOf('function');
});

it('[lifecycle.ledger-effect] appends for each command of the life of a mob what the table says, in that order', async () => {
  for (const command of ['stop', 'resume', 'complete', 'reset'] as const) {
    const { mob } = await openTestMob();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.spawn({ identity: 'two', profile: 'worker' });
    await mob.wire('one', 'two');
    if (command === 'resume') await mob.stop();
    const before = (await kindsOf(mob)).length;
    await mob[command]();
    const appended = (await kindsOf(mob)).slice(before);
    const expected = commandTable[command].appends.flatMap((kind) =>
      kind === 'member_retired' ? [kind, kind] : [kind],
    );
    expect(appended, command).toEqual(expected);
  }
});
