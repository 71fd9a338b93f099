import { expect, it } from 'vitest';

import { appends, unavailable } from '../faulty-storage.js';
import type { MobChapter } from './mob-chapter.js';
import { Gate, kitModel } from './model.js';
import { crew, kindsOf, ledgerOf, type Stage } from './stage.js';

export const membersChapter: MobChapter = { name: 'members', tests };

function tests(stage: () => Stage): void {
  it('[engine.spawn] tells of a new member with generation, fence, role and mode, and never of its session', async () => {
    const { mob } = await stage().open();
    const member = await mob.spawn({ identity: 'one', profile: 'worker', labels: { team: 'red' } });
    expect(member).toMatchObject({
      generation: 0,
      role: 'worker',
      status: 'active',
      labels: { team: 'red' },
    });
    const spawned = (await ledgerOf(mob)).find(({ kind }) => kind.type === 'member_spawned');
    expect(spawned?.kind).toEqual({
      type: 'member_spawned',
      agent_identity: 'one',
      generation: 0,
      fence_token: member.fenceToken,
      agent_runtime_id: { identity: 'one', generation: 0 },
      role: 'worker',
      runtime_mode: 'turn_driven',
      labels: { team: 'red' },
    });
    expect(JSON.stringify(spawned)).not.toContain(member.sessionId);
  });

  it('[engine.spawn-refused] refuses a second of a name, also while the first is not there yet, unknown profiles, those without comms and reserved names', async () => {
    const { mob } = await stage().open();
    const two = [
      mob.spawn({ identity: 'one', profile: 'worker' }),
      mob.spawn({ identity: 'one', profile: 'host' }),
    ];
    const [first, second] = await Promise.allSettled(two);
    expect(first?.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'MOB_MEMBER_EXISTS' } });
    await expect(mob.spawn({ identity: 'two', profile: 'nothing' })).rejects.toMatchObject({
      code: 'MOB_PROFILE_NOT_FOUND',
    });
    await expect(mob.spawn({ identity: 'two', profile: 'mute' })).rejects.toMatchObject({
      code: 'MOB_WIRING_INVALID',
    });
    await expect(mob.spawn({ identity: '__flow_x', profile: 'worker' })).rejects.toThrow(TypeError);
    expect(mob.members()).toHaveLength(1);
  });

  it('[engine.spawn-undone] leaves nothing of a spawn that could not be kept', async () => {
    const { mob } = await stage().open({ definition: { ...crew, wiring: { auto_wire_orchestrator: true } } });
    await mob.spawn({ identity: 'lead', profile: 'lead' });
    const before = await ledgerOf(mob);
    stage().storage.beforeCommit = (write) => {
      if (appends(write, 'member_spawned')) throw unavailable();
    };
    await expect(mob.spawn({ identity: 'one', profile: 'worker' })).rejects.toMatchObject({
      code: 'MOB_STORE_UNAVAILABLE',
    });
    stage().storage.beforeCommit = () => {};
    expect(await ledgerOf(mob)).toEqual(before);
    expect(mob.members()).toMatchObject([{ identity: 'lead', wiredTo: [] }]);
    expect(await mob.spawn({ identity: 'one', profile: 'worker' })).toMatchObject({ wiredTo: ['lead'] });
  });

  it('[engine.spawn-many] answers for each in the order given, and one that fails keeps no other', async () => {
    const { mob } = await stage().open();
    const answers = await mob.spawnMany([
      { identity: 'b', profile: 'worker' },
      { identity: 'a', profile: 'nothing' },
      { identity: 'c', profile: 'worker' },
      { identity: 'b', profile: 'worker' },
    ]);
    expect(answers).toMatchObject([
      { identity: 'b', member: { status: 'active' } },
      { identity: 'a', error: { code: 'MOB_PROFILE_NOT_FOUND' } },
      { identity: 'c', member: { status: 'active' } },
      { identity: 'b', error: { code: 'MOB_MEMBER_EXISTS' } },
    ]);
    expect(mob.members().map(({ identity }) => identity)).toEqual(['b', 'c']);
  });

  it('[engine.auto-wiring] wires a new member to the orchestrator, to the roles of the rules, to its own and to who asked, each once and never to itself', async () => {
    const wiring = {
      auto_wire_orchestrator: true,
      role_wiring: [
        { a: 'worker', b: 'worker' },
        { a: 'lead', b: 'worker' },
      ],
    };
    const { mob } = await stage().open({ definition: { ...crew, wiring } });
    for (const [identity, profile] of [
      ['lead', 'lead'],
      ['w1', 'worker'],
      ['h', 'hermit'],
    ] as const) {
      await mob.spawn({ identity, profile });
    }
    expect(await mob.spawn({ identity: 'w2', profile: 'worker', wireTo: 'h' })).toMatchObject({
      wiredTo: ['h', 'lead', 'w1'],
    });
    expect(mob.member('h')?.wiredTo).toEqual(['lead', 'w2']);
  });

  it('[engine.retire] unwires a member, removes it and says so once; one that nobody knows is a success', async () => {
    const { mob } = await stage().open();
    for (const identity of ['one', 'two']) await mob.spawn({ identity, profile: 'worker' });
    await mob.wire('one', 'two');
    await mob.retire('one');
    await mob.retire('one');
    expect(mob.members()).toMatchObject([{ identity: 'two', wiredTo: [] }]);
    expect((await kindsOf(mob)).slice(-2)).toEqual(['members_unwired', 'member_retired']);
    await expect(mob.send('one', 'hello')).rejects.toMatchObject({ code: 'MOB_MEMBER_NOT_FOUND' });
  });

  it('[engine.retire-running] interrupts the turn of a member that is retired', async () => {
    const gate = new Gate();
    const model = kitModel(async () => (await gate.wait(), 'late'));
    const { mob, events } = await stage().open({ model });
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.send('one', 'hello');
    await gate.reached;
    await mob.retire('one');
    gate.open();
    expect(events.slice(-2).map(({ payload }) => payload)).toMatchObject([
      { type: 'run_failed', error_class: 'cancelled' },
      { type: 'interaction_failed' },
    ]);
    expect(mob.members()).toEqual([]);
  });

  it('[engine.respawn] raises generation and fence, keeps role and labels and wires as before; the old fence is refused', async () => {
    const { mob } = await stage().open();
    const names = ['one', 'two', 'three'];
    for (const identity of names) await mob.spawn({ identity, profile: 'worker', labels: { x: identity } });
    // One wire is restored otherwise than several.
    await mob.wire('one', 'two');
    expect(await mob.respawn('one')).toMatchObject({ generation: 1, wiredTo: ['two'] });
    await mob.wire('one', 'three');
    const before = mob.member('one');
    const after = await mob.respawn('one');
    const wiredTo = ['three', 'two'];
    expect(after).toMatchObject({ generation: 2, role: 'worker', labels: { x: 'one' }, wiredTo });
    expect(mob.members()).toMatchObject([{ wiredTo }, { wiredTo: ['one'] }, { wiredTo: ['one'] }]);
    expect(after.fenceToken).toBeGreaterThan(before?.fenceToken ?? Infinity);
    const work = { content: 'hello', origin: 'external' } as const;
    const old = { identity: 'one', generation: 1 };
    await expect(mob.submitWork(old, before?.fenceToken ?? 0, work)).rejects.toMatchObject({
      code: 'MOB_FENCE_STALE',
    });
    const kinds = await kindsOf(mob);
    expect(kinds.indexOf('member_retired')).toBeLessThan(kinds.lastIndexOf('member_spawned'));
    expect(kinds.at(-1)).toMatch(/^members_wired/);
  });

  it('[engine.member-reset] gives a member an empty session under the next generation, in one event, wired as it was', async () => {
    const { mob, model } = await stage().open();
    for (const identity of ['one', 'two']) await mob.spawn({ identity, profile: 'worker' });
    await mob.wire('one', 'two');
    await mob.send('one', 'first');
    await mob.whenIdle();
    const before = await mob.events.latestCursor();
    const member = await mob.resetMember('one');
    expect(member).toMatchObject({ generation: 1, wiredTo: ['two'], status: 'active' });
    expect((await ledgerOf(mob)).slice(before)).toMatchObject([
      { kind: { type: 'member_reset', agent_identity: 'one', previous_generation: 0, new_generation: 1 } },
    ]);
    await mob.send('one', 'second');
    await mob.whenIdle();
    const [, last] = model.requests;
    expect(JSON.stringify(last?.messages)).not.toContain('first');
    const again = await stage().restart();
    expect(again.mob.member('one')).toEqual(mob.member('one'));
  });

  it('[engine.kickoff] waits until first turns are over, tells who is late, and asks nothing of those who came after', async () => {
    const gate = new Gate();
    const model = kitModel(async (_said, { agent }) => {
      if (agent.identity === 'late') await gate.wait();
      return 'ready';
    });
    const { mob } = await stage().open({ model });
    await mob.spawn({ identity: 'quick', profile: 'host' });
    await mob.waitForKickoff();
    expect(mob.member('quick')?.kickoff).toBe('started');
    await mob.spawn({ identity: 'late', profile: 'host' });
    await gate.reached;
    const waiting = mob.waitForKickoff({ timeoutMs: 1_000 });
    stage().clock.advance(1_000);
    await expect(waiting).rejects.toMatchObject({
      code: 'MOB_KICKOFF_TIMEOUT',
      details: { pending: ['late'] },
    });
    await mob.waitForReady();
    gate.open();
    await mob.waitForKickoff();
    expect(mob.member('late')?.kickoff).toBe('started');
  });

  it('[engine.reconcile] spawns who is missing, keeps who is there and retires the rest only when asked', async () => {
    const { mob } = await stage().open();
    for (const identity of ['old', 'kept']) await mob.spawn({ identity, profile: 'worker' });
    const desired = [
      { identity: 'kept', profile: 'worker' },
      { identity: 'new', profile: 'worker' },
      { identity: 'bad', profile: 'nothing' },
    ];
    expect(await mob.reconcileMembers(desired)).toMatchObject({
      spawned: ['new'],
      kept: ['kept'],
      retired: [],
      failed: [{ identity: 'bad', error: { code: 'MOB_PROFILE_NOT_FOUND' } }],
    });
    expect(await mob.reconcileMembers(desired.slice(0, 2), { retireStale: true })).toMatchObject({
      spawned: [],
      kept: ['kept', 'new'],
      retired: ['old'],
      failed: [],
    });
    expect(await mob.ensure({ identity: 'kept', profile: 'worker' })).toEqual(mob.member('kept'));
  });

  it('[engine.policy] spawns who is sent a message from outside and is in the policy, and nobody else', async () => {
    const definition = { ...crew, spawn_policy: { mode: 'auto', profile_map: { known: 'worker' } } } as const;
    const { mob, model } = await stage().open({ definition });
    await mob.send('known', 'hello');
    await mob.whenIdle();
    expect(mob.member('known')?.role).toBe('worker');
    expect(model.requests).toHaveLength(1);
    await expect(mob.send('unknown', 'hello')).rejects.toMatchObject({ code: 'MOB_MEMBER_NOT_FOUND' });
    mob.setSpawnPolicy({ mode: 'none' });
    await mob.retire('known');
    await expect(mob.send('known', 'hello')).rejects.toMatchObject({ code: 'MOB_MEMBER_NOT_FOUND' });
  });
}
