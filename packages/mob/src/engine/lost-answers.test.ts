import { appends, FaultyStorage, ManualClock, unavailable } from '@mobkit/contract-kit';
import type { StorageWrite } from '@mobkit/core';
import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { kindsOf, memoryStorage, openTestMob, typesOf } from '../../test/open-test-mob.js';
import { inputKey, inputsDefinition, toInputRecord } from '../members/input.js';
import { transcriptDefinition } from '../members/session.js';

/** From the first commit that matches on, nobody knows what became of it, until it is mended. */
function loseAnswer(storage: FaultyStorage, matches: (write: StorageWrite) => boolean, kept = true) {
  const lose = (write: StorageWrite) => {
    if (!matches(write)) return;
    storage.beforeRead = () => {
      throw unavailable();
    };
    throw unavailable();
  };
  if (kept) storage.afterCommit = lose;
  else storage.beforeCommit = lose;
  return () => {
    storage.beforeCommit = () => {};
    storage.afterCommit = () => {};
    storage.beforeRead = () => {};
  };
}

const begins = ({ puts = [] }: StorageWrite) => puts.some(({ record }) => record.data.includes('startedBy'));

it('[mob.retire-all-messages] removes with a member whatever is kept for it, and the next incarnation works', async () => {
  const [storage, gate] = [new FaultyStorage(await memoryStorage()), new Gate()];
  const model = fakeModel(async (said) => (said.endsWith('slow') ? (await gate.wait(), said) : said));
  const { mob, events } = await openTestMob({ storage, model });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.send('one', 'slow');
  await gate.reached;
  storage.beforeCommit = ({ appends: written = [] }) => {
    if (written.some(({ log }) => log.name === transcriptDefinition.name)) throw unavailable();
  };
  await mob.retire('one');
  storage.beforeCommit = () => {};
  expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.send('one', 'first');
  await mob.send('one', 'second');
  await mob.whenIdle();
  expect(await mob.status()).toBe('Running');
  expect(typesOf(events, 'one').filter((type) => type === 'run_completed')).toHaveLength(2);
});

it('[mob.leftover-message] removes at open what is kept for an earlier incarnation, and names that', async () => {
  const first = await openTestMob();
  await first.mob.spawn({ identity: 'one', profile: 'worker' });
  await first.mob.retire('one');
  await first.mob.spawn({ identity: 'one', profile: 'worker' });
  await first.mob.shutdown();
  const inputs = first.storage.records(inputsDefinition);
  for (const [seq, started] of [{}, { startedBy: 'gone' }].entries()) {
    const about = {
      kind: 'message',
      interactionId: `i-${seq}`,
      from: 'user',
      content: `late ${seq}`,
    } as const;
    const input = { id: `m-${seq}`, generation: 0, ...about, acceptedAtMs: 0, ...started };
    const key = inputKey('crew', { identity: 'one', generation: 0 }, seq + 1);
    await inputs.put(key, toInputRecord('crew', 'one', input));
  }
  const { mob, report, errors, events } = await openTestMob({ storage: first.storage });
  expect(report.warnings).toEqual(Array(2).fill(expect.stringContaining('"one:0"')));
  expect(report.lostTurns).toEqual([
    { identity: 'one', generation: 0, interactionId: 'i-1', excerpt: 'late 1' },
  ]);
  expect(errors).toMatchObject([{ category: 'turn_lost', memberId: 'one:0' }]);
  await mob.send('one', 'hello');
  await mob.whenIdle();
  expect(typesOf(events, 'one').filter((type) => type.startsWith('run_'))).toEqual([
    'run_started',
    'run_completed',
  ]);
  expect((await inputs.list({})).records).toEqual([]);
});

it('[mob.retire-in-doubt] takes no message for a member whose retirement may have been kept', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob, events } = await openTestMob({ storage });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  for (const kept of [false, true]) {
    const mend = loseAnswer(storage, (write) => appends(write, 'member_retired'), kept);
    await expect(mob.retire('one')).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
    expect(mob.member('one')?.status).toBe('retiring');
    await expect(mob.send('one', 'hello')).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
    mend();
    const sent = await mob.send('one', 'still there').catch((error: unknown) => error);
    expect(sent).toMatchObject(kept ? { code: 'MOB_MEMBER_NOT_FOUND' } : { identity: 'one' });
    await mob.whenIdle();
  }
  expect(typesOf(events, 'one').filter((type) => type.startsWith('run_'))).toEqual([
    'run_started',
    'run_completed',
  ]);
  expect(mob.members()).toEqual([]);
  expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
});

it.each(['worker', 'host'])(
  '[mob.begin-in-doubt] goes on with a run whose begin may have been kept, when a %s is not retired after all',
  async (profile) => {
    const [storage, clock] = [new FaultyStorage(await memoryStorage()), new ManualClock()];
    const { mob, events, errors } = await openTestMob({ storage, clock });
    const mend = loseAnswer(storage, begins);
    await mob.spawn({ identity: 'one', profile, initialMessage: 'hello' });
    while (clock.waiting === 0) await Promise.resolve();
    mend();
    storage.beforeCommit = (write) => {
      if (appends(write, 'member_retired')) throw unavailable();
    };
    await expect(mob.retire('one')).rejects.toMatchObject({ retryable: true });
    await mob.whenIdle();
    expect(await mob.status()).toBe('Running');
    expect(errors.filter((error) => JSON.stringify(error).includes('another engine'))).toEqual([]);
    expect(typesOf(events, 'one').filter((type) => type.startsWith('run_'))).toEqual([
      'run_started',
      'run_completed',
    ]);
    const kickoffs = (await kindsOf(mob)).filter((kind) => kind === 'member_kickoff_updated');
    expect(kickoffs).toHaveLength(profile === 'host' ? 3 : 0);
    expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
  },
);

it('[mob.begin-in-doubt] takes a begin that was kept late, in between two attempts, for its own', async () => {
  const kept = await memoryStorage();
  const storage = new FaultyStorage(kept);
  const { mob, events } = await openTestMob({ storage });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  storage.beforeCommit = (write) => {
    if (!begins(write)) return;
    storage.beforeCommit = () => {};
    void kept.commit(write);
  };
  await mob.send('one', 'hello');
  await mob.whenIdle();
  expect(await mob.status()).toBe('Running');
  expect(typesOf(events, 'one').at(-1)).toBe('run_completed');
});

it('[mob.spawn-again] answers a spawn that is repeated because its answer was lost with the member', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob } = await openTestMob({ storage });
  const spec = { identity: 'one', profile: 'worker', labels: { team: 'red', shift: 'late' } };
  const lose = async () => {
    const mend = loseAnswer(storage, (write) => appends(write, 'member_spawned'));
    await expect(mob.spawn(spec)).rejects.toMatchObject({ retryable: true });
    mend();
  };
  await lose();
  await mob.retire('nobody');
  const same = { ...spec, labels: { shift: 'late', team: 'red' } };
  expect(await mob.spawn(same)).toMatchObject({ identity: 'one', generation: 0, labels: spec.labels });
  await expect(mob.spawn(spec)).rejects.toMatchObject({ code: 'MOB_MEMBER_EXISTS' });
  await mob.retire('one');
  await lose();
  await expect(mob.spawn({ ...spec, labels: {} })).rejects.toMatchObject({ code: 'MOB_MEMBER_EXISTS' });
  await mob.retire('one');
  await lose();
  await mob.retire('one');
  expect(await mob.spawn(spec)).toMatchObject({ generation: 3 });
  await expect(mob.spawn(spec)).rejects.toMatchObject({ code: 'MOB_MEMBER_EXISTS' });
});
