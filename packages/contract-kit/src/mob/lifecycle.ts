import type { MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { appends, unavailable } from '../faulty-storage.js';
import type { MobChapter } from './mob-chapter.js';
import { Gate, kitModel } from './model.js';
import { crew, kindsOf, ledgerOf, type Stage, typesOf } from './stage.js';

export const lifecycleChapter: MobChapter = { name: 'lifecycle', tests };

const slow: MobDefinition = {
  ...crew,
  flows: { f: { steps: { one: { role: 'worker', message: 'work' } } } },
};

function tests(stage: () => Stage): void {
  it('[engine.create] is Running with one mob_created that holds the definition as it was given', async () => {
    const definition = { ...crew, mine: { kept: ['as', 'it', 'is'] } };
    const { mob, report } = await stage().open({ definition });
    expect([await mob.status(), report.resumed]).toEqual(['Running', false]);
    expect(await ledgerOf(mob)).toMatchObject([{ cursor: 1, kind: { type: 'mob_created', definition } }]);
  });

  it('[engine.refused] tells every error of a definition at once, and opens one that only has warnings', async () => {
    const broken = {
      ...crew,
      orchestrator: { profile: 'nobody' },
      profiles: { worker: { model: 'kit', skills: ['none'], tools: { comms: true } } },
    };
    await expect(stage().open({ definition: broken })).rejects.toMatchObject({
      code: 'MOB_DEFINITION_INVALID',
      details: {
        diagnostics: expect.arrayContaining([
          expect.objectContaining({ code: 'missing_orchestrator_profile', severity: 'error' }),
          expect.objectContaining({ code: 'missing_skill_ref', severity: 'error' }),
        ]),
      },
    });
    const first = { role: 'worker', message: 'go' };
    const doubtful = {
      ...crew,
      flows: {
        f: { steps: { a: first, b: { ...first, depends_on: ['a'], depends_on_mode: 'any' as const } } },
      },
    };
    const { mob, report } = await stage().open({ definition: doubtful });
    expect(await mob.status()).toBe('Running');
    expect(report.warnings).toHaveLength(1);
  });

  it('[engine.stop] keeps sessions and ledger, refuses everything that changes the mob, unknown names too, and is still so after a restart', async () => {
    const { mob } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    const before = await kindsOf(mob);
    await mob.stop();
    const refused = { code: 'MOB_INVALID_TRANSITION' };
    await expect(mob.spawn({ identity: 'two', profile: 'nothing' })).rejects.toMatchObject(refused);
    await expect(mob.wire('no', 'body')).rejects.toMatchObject(refused);
    await expect(mob.runFlow('nothing')).rejects.toMatchObject(refused);
    await expect(mob.send('nobody', 'hello')).rejects.toMatchObject(refused);
    expect(await kindsOf(mob)).toEqual(before);
    const again = await stage().restart();
    expect([await again.mob.status(), again.mob.member('one')?.status]).toEqual(['Stopped', 'active']);
    await again.mob.resume();
    await again.mob.send('one', 'hello');
    await again.mob.whenIdle();
    expect(again.model.requests).toHaveLength(1);
  });

  it('[engine.stop-runs] does not stop while a flow runs, and does after it was cancelled', async () => {
    const gate = new Gate();
    const model = kitModel(async () => (await gate.wait(), 'late'));
    const { mob } = await stage().open({ definition: slow, model });
    await mob.spawn({ identity: 'one', profile: 'worker' });
    const run = await mob.runFlow('f');
    await gate.reached;
    await expect(mob.stop()).rejects.toMatchObject({ code: 'MOB_RUN_ACTIVE' });
    expect(await mob.status()).toBe('Running');
    const canceled = mob.cancelFlow(run);
    gate.open();
    await canceled;
    await mob.stop();
    expect(await mob.status()).toBe('Stopped');
  });

  it('[engine.resume] lets autonomous members go on after a stop without another first turn, and leaves driven ones idle', async () => {
    const { mob, model } = await stage().open();
    await mob.spawn({ identity: 'host', profile: 'host' });
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.whenIdle();
    await mob.stop();
    await mob.resume();
    await mob.whenIdle();
    expect(model.requests).toHaveLength(1);
    await mob.send('host', 'hello');
    await mob.whenIdle();
    expect(model.requests).toHaveLength(2);
  });

  it('[engine.complete] retires everybody and says so last', async () => {
    const { mob } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.complete();
    expect([await mob.status(), mob.members()]).toEqual(['Completed', []]);
    expect((await kindsOf(mob)).slice(-2)).toEqual(['member_retired', 'mob_completed']);
  });

  it('[engine.reset] empties the roster from Running, Stopped and Completed and goes on with the same cursors', async () => {
    const { mob } = await stage().open();
    for (const before of [async () => {}, () => mob.stop(), () => mob.complete()]) {
      await mob.spawn({ identity: 'one', profile: 'worker' });
      await before();
      await mob.reset();
      expect([await mob.status(), mob.members()]).toEqual(['Running', []]);
    }
    const kinds = await kindsOf(mob);
    expect(kinds.slice(-2)).toEqual(['mob_created', 'mob_reset']);
    expect((await ledgerOf(mob)).map(({ cursor }) => cursor)).toEqual(kinds.map((_, at) => at + 1));
    await mob.spawn({ identity: 'one', profile: 'worker' });
    const again = await stage().restart();
    expect(again.mob.members()).toMatchObject([{ identity: 'one', generation: 3 }]);
    await again.mob.destroy();
    await expect(again.mob.reset()).rejects.toMatchObject({ code: 'MOB_INVALID_TRANSITION' });
  });

  it('[engine.reset-failed] is Stopped when the mark of a reset cannot be kept', async () => {
    const { mob } = await stage().open();
    stage().storage.beforeCommit = (write) => {
      if (appends(write, 'mob_reset')) throw unavailable();
    };
    await expect(mob.reset()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
    expect(await mob.status()).toBe('Stopped');
    stage().storage.beforeCommit = () => {};
    await mob.reset();
    expect(await mob.status()).toBe('Running');
  });

  it('[engine.destroy] leaves nothing, for good, and a mob of its id begins anew behind its cursors', async () => {
    const { mob } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    const last = await mob.events.latestCursor();
    const report = await mob.destroy();
    expect(report).toMatchObject({ eventsCleared: true, sessionsCleared: true, errors: [] });
    expect(await mob.status()).toBe('Destroyed');
    await expect(mob.spawn({ identity: 'two', profile: 'worker' })).rejects.toMatchObject({
      code: 'MOB_INVALID_TRANSITION',
    });
    const again = await stage().restart();
    expect([await again.mob.status(), again.report.resumed, again.mob.members()]).toEqual([
      'Running',
      false,
      [],
    ]);
    const [created] = await ledgerOf(again.mob).catch(() => []);
    const first = created ?? (await again.mob.events.query({})).events[0];
    expect(first?.kind.type).toBe('mob_created');
    expect(first?.cursor).toBeGreaterThan(last);
  });

  it('[engine.destroy-again] goes on with a destroy that the process before did not finish', async () => {
    const { mob } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    stage().storage.beforeCommit = (write) => {
      if (appends(write, 'mob_destroy_storage_finalizing')) throw unavailable();
    };
    await expect(mob.destroy()).rejects.toMatchObject({ code: 'MOB_DESTROY_INCOMPLETE', retryable: true });
    const again = await stage().crash();
    expect(again.mob.members()).toEqual([]);
    // Finished, and then created anew, for that is what opening asks for.
    expect([await again.mob.status(), again.report.resumed]).toEqual(['Running', false]);
  });

  it('[engine.cold] has roster, wiring, peers outside and first turns back after a restart, and one member broken leaves the others whole', async () => {
    const { mob } = await stage().open();
    for (const identity of ['one', 'two']) await mob.spawn({ identity, profile: 'worker' });
    await mob.spawn({ identity: 'host', profile: 'host' });
    await mob.whenIdle();
    await mob.wire('one', 'two');
    const pubkey = Array.from({ length: 32 }, (_, at) => at);
    await mob.wireExternal('one', { peerId: 'p', name: 'far', address: 'tcp://far:1', pubkey });
    const before = mob.members();
    expect(mob.member('one')?.externalPeers).toMatchObject([{ name: 'far', pubkey }]);
    const again = await stage().restart();
    expect(again.report.resumed).toBe(true);
    expect(again.mob.members()).toEqual(before);
    expect(again.mob.member('host')?.kickoff).toBe('started');
    await again.mob.whenIdle();
    expect(again.model.requests).toEqual([]);
    const lost = again.mob.member('two')?.sessionId ?? '';
    stage().storage.isLost = (key) => key.includes(lost);
    const { mob: last, report } = await stage().restart();
    expect(report.broken).toMatchObject([{ identity: 'two' }]);
    expect(last.members()).toMatchObject([
      { identity: 'host', status: 'active' },
      { identity: 'one', status: 'active', wiredTo: ['two'] },
      { identity: 'two', status: 'broken', wiredTo: ['one'] },
    ]);
  });

  it('[engine.cold-runs] ends runs once that nobody carries out any more', async () => {
    const gate = new Gate();
    const model = kitModel(async () => (await gate.wait(), 'late'));
    const { mob } = await stage().open({ definition: slow, model });
    await mob.spawn({ identity: 'one', profile: 'worker' });
    const run = await mob.runFlow('f');
    await gate.reached;
    const again = await stage().crash({ definition: slow });
    gate.open();
    expect(await again.mob.flowRun(run)).toMatchObject({ status: 'failed' });
    const ends = (await kindsOf(again.mob)).filter((kind) => /^flow_(completed|failed|canceled)$/.test(kind));
    expect(ends).toEqual(['flow_failed']);
    expect(typesOf(again.events, 'one')).toEqual(['run_failed']);
  });
}
