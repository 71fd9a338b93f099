import { appends, FaultyStorage, unavailable } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { fakeModel, toolCalls } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import {
  kindsOf,
  ledgerOf,
  memoryStorage,
  openTestMob,
  testDefinition,
  typesOf,
} from '../../test/open-test-mob.js';
import { sessionsDefinition } from '../members/session.js';
import { statesDefinition } from './stopped-record.js';

async function faulty() {
  return new FaultyStorage(await memoryStorage());
}

it('[lifecycle.stop] ends the turns that run, keeps everything, and stays stopped for the next process', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said) => (said.includes('slow') && (await gate.wait()), 'at last'));
  const { mob, events, storage } = await openTestMob({ model });
  await mob.spawnMany([
    { identity: 'one', profile: 'worker' },
    { identity: 'two', profile: 'worker' },
  ]);
  await mob.wire('one', 'two');
  await mob.send('one', 'slow');
  await gate.reached;
  await mob.send('one', 'waits');
  const before = await ledgerOf(mob);
  await mob.stop();
  expect(await mob.status()).toBe('Stopped');
  expect(events.at(-1)?.payload).toMatchObject({ type: 'run_failed', error_class: 'cancelled' });
  expect(await ledgerOf(mob)).toEqual(before);
  await mob.whenIdle();
  await mob.shutdown();

  const again = await openTestMob({ storage });
  expect(await again.mob.status()).toBe('Stopped');
  expect(again.mob.members()).toMatchObject([{ identity: 'one', wiredTo: ['two'] }, { identity: 'two' }]);
  await again.mob.whenIdle();
  expect(again.events).toEqual([]);
  await again.mob.resume();
  await again.mob.whenIdle();
  expect(again.events.at(-1)?.payload).toMatchObject({ type: 'run_completed' });
  expect(again.events[0]?.payload).toMatchObject({ prompt: '[message from user]\nwaits' });
});

it('[lifecycle.stop-retire] lets members be retired while it is stopped', async () => {
  const { mob } = await openTestMob();
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.stop();
  await mob.retire('one');
  expect(mob.members()).toEqual([]);
  expect(await kindsOf(mob)).toEqual(['mob_created', 'member_spawned', 'member_retired']);
});

it('[lifecycle.resume] works on what waits without another kickoff; turn-driven members stay idle', async () => {
  const gate = new Gate();
  const model = fakeModel(async (said, { agent }) => {
    if (said.includes('slow')) await gate.wait();
    return `${agent.identity} read ${said}`;
  });
  const { mob, events } = await openTestMob({ model });
  await mob.spawn({ identity: 'host', profile: 'host' });
  await mob.spawn({ identity: 'driven', profile: 'worker' });
  await mob.whenIdle();
  await mob.send('host', 'slow');
  await gate.reached;
  await mob.send('host', 'waits');
  await mob.stop();
  const [told, kinds] = [events.length, await kindsOf(mob)];
  await mob.resume();
  expect(await mob.status()).toBe('Running');
  await mob.whenIdle();
  expect(await kindsOf(mob)).toEqual(kinds);
  const after = events.slice(told);
  expect(after.filter(({ payload }) => payload.type === 'run_started')).toHaveLength(1);
  expect(after.at(-1)?.payload).toMatchObject({ result: 'host read [message from user]\nwaits' });
  expect(typesOf(events, 'driven')).toEqual([]);
});

it('[lifecycle.resume-failure] is Stopped again when it cannot be kept that it goes on', async () => {
  const storage = await faulty();
  const { mob } = await openTestMob({ storage });
  await mob.stop();
  const put = storage.records.bind(storage);
  storage.records = (definition) => {
    const records = put(definition);
    if (definition.name !== statesDefinition.name) return records;
    return { ...records, put: () => Promise.reject(unavailable()) };
  };
  await expect(mob.resume()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  expect(await mob.status()).toBe('Stopped');
  await expect(mob.spawn({ identity: 'one', profile: 'worker' })).rejects.toMatchObject({
    code: 'MOB_INVALID_TRANSITION',
  });
  storage.records = put;
  await mob.resume();
  expect(await mob.status()).toBe('Running');
});

it('[lifecycle.stop-in-doubt] finds out whether it was stopped when the answer was lost', async () => {
  const storage = await faulty();
  const { mob } = await openTestMob({ storage });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  const records = storage.records.bind(storage);
  let away = false;
  storage.records = (definition) => {
    const inner = records(definition);
    if (definition.name !== statesDefinition.name) return inner;
    return {
      ...inner,
      get: (key) => (away ? Promise.reject(unavailable()) : inner.get(key)),
      put: async (...given) => {
        await inner.put(...given);
        away = true;
        throw unavailable();
      },
    };
  };
  await expect(mob.stop()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  storage.records = records;
  // It was kept: asking for it again is no mistake, and another command is refused.
  await expect(mob.wire('one', 'two')).rejects.toMatchObject({ code: 'MOB_INVALID_TRANSITION' });
  await mob.stop();
  expect(await mob.status()).toBe('Stopped');
});

it('[lifecycle.stop-second-engine] steps down when another engine has stopped the mob', async () => {
  const storage = await memoryStorage();
  const first = await openTestMob({ storage });
  const second = await openTestMob({ storage });
  await second.mob.stop();
  await expect(first.mob.stop()).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
  await expect(first.mob.spawn({ identity: 'one', profile: 'worker' })).rejects.toMatchObject({
    code: 'MOB_INVALID_TRANSITION',
  });
});

it('[lifecycle.complete] archives every session and says mob_completed last; it stays so', async () => {
  const { mob, storage } = await openTestMob();
  await mob.spawnMany([
    { identity: 'one', profile: 'worker' },
    { identity: 'two', profile: 'host' },
  ]);
  await mob.complete();
  expect(await mob.status()).toBe('Completed');
  expect((await kindsOf(mob)).slice(-3)).toEqual(['member_retired', 'member_retired', 'mob_completed']);
  const { records } = await storage.records(sessionsDefinition).list({});
  expect(records.map(({ data }) => JSON.parse(data).archived_at_ms)).toEqual([1_000, 1_000]);
  await mob.shutdown();
  const again = await openTestMob({ storage });
  expect(await again.mob.status()).toBe('Completed');
  expect(again.mob.members()).toEqual([]);
});

it.each(['Running', 'Stopped', 'Completed'] as const)(
  '[lifecycle.reset] empties the roster and runs again from %s, with cursors and generations going on',
  async (state) => {
    const { mob, storage } = await openTestMob();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    if (state === 'Stopped') await mob.stop();
    if (state === 'Completed') await mob.complete();
    const cursor = await mob.events.latestCursor();
    await mob.reset();
    expect(await mob.status()).toBe('Running');
    expect(mob.members()).toEqual([]);
    expect((await ledgerOf(mob))[0]?.cursor).toBe(1);
    expect(await mob.events.latestCursor()).toBeGreaterThan(cursor);
    expect(await mob.spawn({ identity: 'one', profile: 'worker' })).toMatchObject({
      generation: 1,
      fenceToken: 2,
    });
    await mob.shutdown();
    const again = await openTestMob({ storage });
    expect(await again.mob.status()).toBe('Running');
    expect(again.mob.members()).toMatchObject([{ identity: 'one', generation: 1 }]);
  },
);

it('[lifecycle.reset-refused] stops before the new beginning when somebody cannot be retired, and may be called again', async () => {
  const storage = await faulty();
  const { mob } = await openTestMob({ storage });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  storage.beforeCommit = (write) => {
    if (appends(write, 'member_retired')) throw unavailable();
  };
  await expect(mob.reset()).rejects.toMatchObject({ errors: [{ code: 'MOB_STORE_UNAVAILABLE' }] });
  expect(await mob.status()).toBe('Running');
  expect(await kindsOf(mob)).toEqual(['mob_created', 'member_spawned']);
  storage.beforeCommit = () => {};
  await mob.reset();
  expect((await kindsOf(mob)).slice(-3)).toEqual(['member_retired', 'mob_created', 'mob_reset']);
});

it('[lifecycle.reset-append-failure] is Stopped when the new beginning cannot be kept, also for the next process', async () => {
  const storage = await faulty();
  const { mob } = await openTestMob({ storage });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  storage.beforeCommit = (write) => {
    if (appends(write, 'mob_reset')) throw unavailable();
  };
  await expect(mob.reset()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  expect(await mob.status()).toBe('Stopped');
  storage.beforeCommit = () => {};
  await mob.shutdown();
  const again = await openTestMob({ storage });
  expect(await again.mob.status()).toBe('Stopped');
  await again.mob.reset();
  expect(await again.mob.status()).toBe('Running');
});

it('[lifecycle.complete-in-doubt] may be completed again when the answer was lost', async () => {
  const storage = await faulty();
  const { mob } = await openTestMob({ storage });
  storage.afterCommit = () => {
    storage.beforeRead = () => {
      throw unavailable();
    };
    throw unavailable();
  };
  await expect(mob.complete()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  storage.afterCommit = () => {};
  storage.beforeRead = () => {};
  await mob.complete();
  expect(await kindsOf(mob)).toEqual(['mob_created', 'mob_completed']);
});

it('[lifecycle.stop-from-tool] can be stopped while a tool of an agent runs', async () => {
  const gate = new Gate();
  const wait = { name: 'wait', description: '', inputSchema: {}, run: async () => (await gate.wait(), '') };
  const definition = {
    id: 'crew',
    profiles: {
      worker: { model: 'fake', tools: { comms: true, host: ['wait'] }, external_addressable: true },
    },
  };
  const model = fakeModel(() => toolCalls(['wait', {}]));
  const { mob } = await openTestMob({ definition, model, tools: () => [wait] });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await gate.reached;
  await mob.stop();
  expect(await mob.status()).toBe('Stopped');
});

it('[lifecycle.stop-run-active] does not stop while a flow runs; once that is cancelled it does, and a reset cancels it itself', async () => {
  const gate = new Gate();
  const model = fakeModel(async () => (await gate.wait(), 'at last'));
  const steps = { draft: { role: 'worker', message: 'Write' } };
  const definition = {
    ...testDefinition,
    flows: { publish: { steps } },
    limits: { cancel_grace_timeout_ms: 0 },
  };
  const { mob } = await openTestMob({ definition, model });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  const runId = await mob.runFlow('publish');
  await expect(mob.stop()).rejects.toMatchObject({ code: 'MOB_RUN_ACTIVE', details: { runs: [runId] } });
  expect(await mob.status()).toBe('Running');
  await mob.cancelFlow(runId);
  await mob.stop();
  expect(await mob.status()).toBe('Stopped');
  await mob.resume();
  await mob.runFlow('publish');
  await mob.reset();
  expect((await kindsOf(mob)).filter((kind) => kind === 'flow_canceled')).toHaveLength(2);
});
