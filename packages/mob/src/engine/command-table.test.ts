import { isMobError } from '@mobkit/core';
import type { MobHandle, MobState } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { kindsOf, openTestMob } from '../../test/open-test-mob.js';
import { type CommandName, commandTable, ruleOf } from './command-table.js';

/** Each with names that nobody has, so that only the state can refuse it first. */
const calls: Readonly<Record<CommandName, (mob: MobHandle) => Promise<unknown>>> = {
  spawn: (mob) => mob.spawn({ identity: 'nobody', profile: 'nothing' }),
  spawnMany: (mob) => mob.spawnMany([{ identity: 'nobody', profile: 'nothing' }]),
  ensure: (mob) => mob.ensure({ identity: 'nobody', profile: 'nothing' }),
  reconcileMembers: (mob) => mob.reconcileMembers([{ identity: 'nobody', profile: 'nothing' }]),
  respawn: (mob) => mob.respawn('nobody'),
  resetMember: (mob) => mob.resetMember('nobody'),
  cancelTurn: (mob) => mob.cancelTurn('nobody'),
  runHelper: (mob) => mob.runHelper({ identity: 'nobody', profile: 'nothing', task: ' ' }),
  retire: (mob) => mob.retire('nobody'),
  retireAll: (mob) => mob.retireAll(),
  wire: (mob) => mob.wire('nobody', 'none'),
  wireMany: (mob) => mob.wireMany([{ a: 'nobody', b: 'none' }]),
  unwire: (mob) => mob.unwire('nobody', 'none'),
  wireExternal: (mob) => mob.wireExternal('nobody', { peerId: '', name: '', address: '', pubkey: [] }),
  unwireExternal: (mob) => mob.unwireExternal('nobody', ''),
  send: (mob) => mob.send('nobody', ' '),
  sendAsMember: (mob) => mob.sendAsMember('nobody', 'none', ' '),
  deliverFromPeer: (mob) => mob.deliverFromPeer('nobody', 'nowhere', { kind: 'message', content: ' ' }),
  broadcast: (mob) => mob.broadcast(' ', { role: 'nothing' }),
  submitWork: (mob) =>
    mob.submitWork({ identity: 'nobody', generation: 0 }, 0, { content: ' ', origin: 'external' }),
  cancelAllWork: (mob) => mob.cancelAllWork({ identity: 'nobody', generation: 0 }, 0),
  runFlow: (mob) => mob.runFlow('nothing', () => {}),
  cancelFlow: (mob) => mob.cancelFlow('nothing'),
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

/** What became of a command: refused without a trace, or taken and where it led. */
async function outcome(state: keyof typeof ways, command: CommandName): Promise<string> {
  const { mob } = await openTestMob();
  await ways[state](mob);
  const cursor = await mob.events.latestCursor();
  const error: unknown = await calls[command](mob).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const [after, ledgerGrew] = [await mob.status(), (await mob.events.latestCursor()) > cursor];
  if (!isMobError(error, 'MOB_INVALID_TRANSITION')) return `taken, then ${after}`;
  return after === state && error.details['state'] === state && !ledgerGrew ? 'refused' : 'refused half';
}

it.each(states)(
  '[lifecycle.table] takes in %s what the table says, and refuses the rest before any other check',
  async (state) => {
    const commands = Object.keys(calls) as CommandName[];
    const outcomes = await Promise.all(commands.map((command) => outcome(state, command)));
    const expected = commands.map((command) => {
      const { from, to = state } = ruleOf(command);
      return from.includes(state) ? `taken, then ${to}` : 'refused';
    });
    expect(Object.fromEntries(commands.map((command, at) => [command, outcomes[at]]))).toEqual(
      Object.fromEntries(commands.map((command, at) => [command, expected[at]])),
    );
  },
);

it.each(states)('[lifecycle.reads] answers every read in %s', async (state) => {
  const { mob } = await openTestMob();
  await ways[state](mob);
  expect(await mob.status()).toBe(state);
  expect(mob.members()).toEqual([]);
  expect(mob.member('one')).toBeUndefined();
  expect(await mob.events.latestCursor()).toBeGreaterThan(0);
  expect((await mob.events.query({ afterCursor: 0 })).latestCursor).toBeGreaterThan(0);
  await expect(mob.whenIdle()).resolves.toBeUndefined();
  expect(mob.onAgentEvent(() => {})).toBeTypeOf('function');
});

it.each(['stop', 'resume', 'complete', 'reset'] as const)(
  '[lifecycle.ledger-effect] appends for %s what the table says, in that order',
  async (command) => {
    const { mob } = await openTestMob();
    await mob.spawnMany([
      { identity: 'one', profile: 'worker' },
      { identity: 'two', profile: 'worker' },
    ]);
    await mob.wire('one', 'two');
    if (command === 'resume') await mob.stop();
    const before = (await kindsOf(mob)).length;
    await mob[command]();
    const expected = commandTable[command].appends.flatMap((kind) =>
      kind === 'member_retired' ? [kind, kind] : [kind],
    );
    expect((await kindsOf(mob)).slice(before)).toEqual(expected);
  },
);
