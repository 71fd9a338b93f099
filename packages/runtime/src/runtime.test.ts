import { expect, it } from 'vitest';

import { startRuntime } from '../test/support/start-runtime.js';

it('[runtime.spawn-failure] tells the error hook of a spawn that failed, and the caller too', async () => {
  const { runtime, told } = await startRuntime();
  await expect(runtime.roster.spawn({ identity: 'a', profile: 'nobody' })).rejects.toMatchObject({
    code: 'MOB_PROFILE_NOT_FOUND',
  });
  expect(told).toEqual([
    { category: 'spawn_failure', memberId: 'a', profile: 'nobody', error: 'There is no profile "nobody"' },
  ]);
});

it('spawns and retires members', async () => {
  const { runtime } = await startRuntime();
  await runtime.roster.spawn({ identity: 'a', profile: 'worker' });
  expect(runtime.mob.member('a')).toMatchObject({ role: 'worker', status: 'active' });
  await runtime.roster.retire('a');
  expect(runtime.mob.member('a')).toBeUndefined();
});

it('refuses a blank recipient or message', async () => {
  const { runtime, sink } = await startRuntime();
  await expect(runtime.sendMessage(' ', 'hello')).rejects.toThrow(new TypeError('identity is blank'));
  await expect(runtime.sendMessage('worker-1', '\n')).rejects.toThrow(new TypeError('content is blank'));
  expect(sink.stats().accepted).toBe(0);
});

it('answers without an event log and without a sink', async () => {
  const { runtime, mob } = await startRuntime({ eventLog: undefined, eventSink: undefined });
  mob.act('worker-1', { type: 'text_delta', delta: 'x' });
  expect(await runtime.queryEvents({})).toBeUndefined();
  expect(runtime.ingestStats()).toBeUndefined();
  await runtime.whenIdle();
  expect(await runtime.shutdown()).not.toHaveProperty('ingest');
});

it('reads the event log and what became of every event', async () => {
  const { runtime, sink } = await startRuntime();
  await runtime.sendMessage('worker-1', 'hello');
  expect(runtime.ingestStats()).toMatchObject({ accepted: 3, buffered: 3 });
  await sink.flush();
  expect((await runtime.queryEvents({ eventTypes: ['text_delta'] }))?.events).toHaveLength(1);
});
