import type { AgentEventEnvelope } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { openTestMob, testDefinition } from '../../test/open-test-mob.js';

async function all(events: AsyncIterable<AgentEventEnvelope>): Promise<readonly AgentEventEnvelope[]> {
  const read: AgentEventEnvelope[] = [];
  for await (const event of events) read.push(event);
  return read;
}

it('[lifecycle.agent-events] streams what one member does, from before its first turn, numbered by source', async () => {
  const { mob } = await openTestMob({ start: false });
  await mob.spawnMany([
    { identity: 'one', profile: 'host' },
    { identity: 'two', profile: 'host' },
  ]);
  const reading = all(mob.agentEvents({ identity: 'one' }));
  mob.start();
  await mob.whenIdle();
  await mob.shutdown();
  const events = await reading;
  expect(events[0]?.payload.type).toBe('run_started');
  expect(events.map(({ payload }) => payload.type)).toContain('run_completed');
  expect(new Set(events.map(({ source }) => source.identity))).toEqual(new Set(['one']));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
});

it('[lifecycle.event-router] streams the types that the definition includes and does not exclude, and keeps as many as it says', async () => {
  const event_router = {
    buffer_size: 2,
    include_patterns: ['run_*', 'turn_*'],
    exclude_patterns: ['*_completed'],
  };
  const { mob } = await openTestMob({ definition: { ...testDefinition, event_router } });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  const quick = all(mob.agentEvents());
  const slow = mob.agentEvents();
  for (const text of ['first', 'second']) {
    await mob.send('one', text);
    await mob.whenIdle();
  }
  await mob.shutdown();
  const told = ['run_started', 'turn_started'];
  expect((await quick).map(({ payload }) => payload.type)).toEqual([...told, ...told]);
  const late = (await all(slow)).map(({ payload }) => payload.type);
  expect(late).toEqual(['stream_truncated', ...told]);
});

it('[lifecycle.agent-events-all] follows members that are spawned and respawned later, each by its incarnation', async () => {
  const { mob } = await openTestMob();
  const reading = all(mob.agentEvents());
  await mob.spawn({ identity: 'one', profile: 'host' });
  await mob.whenIdle();
  await mob.respawn('one');
  await mob.whenIdle();
  await mob.spawn({ identity: 'late', profile: 'host' });
  await mob.whenIdle();
  await mob.destroy();
  const runs = (await reading).filter(({ payload }) => payload.type === 'run_completed');
  expect(runs.map(({ source: { identity, generation } }) => `${identity}:${generation}`)).toEqual([
    'one:0',
    'one:1',
    'late:0',
  ]);
  expect(new Set(runs.map(({ seq }) => seq)).size).toBe(1);
});

it('[lifecycle.agent-events-lag] tells a reader that is too slow once how many events it missed, and goes on', async () => {
  const { mob } = await openTestMob({ start: false });
  await mob.spawn({ identity: 'one', profile: 'host' });
  const slow = mob.agentEvents({ capacity: 3 });
  const fast = all(mob.agentEvents());
  mob.start();
  await mob.whenIdle();
  await mob.shutdown();
  const everything = await fast;
  const [marker, ...rest] = await all(slow);
  expect(marker).toMatchObject({
    source: { identity: 'one', generation: 0 },
    payload: { type: 'stream_truncated', dropped: everything.length - 3 },
  });
  expect(rest).toEqual(everything.slice(-3));
});

it('[lifecycle.agent-events-end] ends by its signal, by break, and when the mob is destroyed or shut down', async () => {
  const { mob } = await openTestMob();
  await mob.spawn({ identity: 'one', profile: 'worker' });
  const end = new AbortController();
  const bySignal = all(mob.agentEvents({ signal: end.signal }));
  end.abort();
  expect(await bySignal).toEqual([]);
  expect(await all(mob.agentEvents({ signal: AbortSignal.abort() }))).toEqual([]);
  const broken = (async () => {
    for await (const event of mob.agentEvents()) return event;
    return undefined;
  })();
  const destroyed = all(mob.agentEvents());
  await mob.send('one', 'Hello');
  await mob.whenIdle();
  expect((await broken)?.payload.type).toBe('run_started');
  await mob.destroy();
  expect((await destroyed).length).toBeGreaterThan(0);
  expect(await all(mob.agentEvents())).toEqual([]);
});

it('[lifecycle.agent-events-unknown] refuses an identity that is not there and a capacity that is none, at the call', async () => {
  const { mob } = await openTestMob();
  expect(() => mob.agentEvents({ identity: 'nobody' })).toThrow(
    expect.objectContaining({ code: 'MOB_MEMBER_NOT_FOUND' }),
  );
  expect(() => mob.agentEvents({ capacity: 0 })).toThrow(TypeError);
});

it('[lifecycle.run-failed] tells a failing model as one run_failed, and the mob goes on', async () => {
  const model = fakeModel((said) => {
    if (said.includes('fail')) throw new Error('no answer');
    return 'fine';
  });
  const { mob } = await openTestMob({ model });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  const reading = all(mob.agentEvents({ identity: 'one' }));
  await mob.send('one', 'fail');
  await mob.whenIdle();
  expect(await mob.status()).toBe('Running');
  await mob.send('one', 'again');
  await mob.whenIdle();
  await mob.shutdown();
  const types = (await reading).map(({ payload }) => payload.type);
  expect(types.filter((type) => type === 'run_failed')).toHaveLength(1);
  expect(types.filter((type) => type === 'run_completed')).toHaveLength(1);
});

it('[lifecycle.agent-events-side-by-side] answers every read of a reader that asks for several at once, and ends all of them', async () => {
  const { mob } = await openTestMob();
  await mob.spawn({ identity: 'one', profile: 'worker' });
  const reader = mob.agentEvents()[Symbol.asyncIterator]();
  const reads = [reader.next(), reader.next()];
  await mob.send('one', 'go');
  const types = (await Promise.all(reads)).map(({ value }) => value?.payload.type);
  expect(types).toEqual(['run_started', 'turn_started']);
  await mob.whenIdle();
  await mob.shutdown();
  for (let done: boolean | undefined = false; !done;) ({ done } = await reader.next());
});
