import { MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { startRuntime, world } from '../test/support/start-runtime.js';

const complete = (id: string) =>
  ({ type: 'interaction_complete', interaction_id: id, result: `done ${id}` }) as const;

it('[runtime.interactions] ends an interaction by the id that the turn carries, in whatever order turns end', async () => {
  const { runtime, mob } = await startRuntime();
  const reserve = (interactionId: string) =>
    runtime.interactions.reserve({ identity: 'a', interactionId, origin: 'test', content: 'hello' });
  const [first, second, third] = [reserve('i-1'), reserve('i-2'), reserve('i-3')];
  mob.act('a', complete('of a peer'));
  mob.act('b', complete('i-1'));
  mob.act('a', complete('i-2'));
  expect(await second.ended).toEqual({ status: 'complete', result: 'done i-2' });
  expect(runtime.interactions.pending('a')).toMatchObject([
    { interactionId: 'i-1' },
    { interactionId: 'i-3' },
  ]);
  mob.act('a', { type: 'interaction_failed', interaction_id: 'i-3', error: 'no model' });
  expect(await third.ended).toEqual({ status: 'failed', reason: 'no model' });
  mob.act('a', complete('i-1'));
  expect(await first.ended).toMatchObject({ status: 'complete' });
  expect(runtime.interactions.complete('i-1', 'again')).toBe(false);
});

it('[runtime.interactions] lets the host end one, and tells of it in the timeline and the log', async () => {
  const { runtime, sink, eventLog } = await startRuntime();
  const { interactionId, ended } = runtime.interactions.reserve({
    identity: 'a',
    origin: 'test',
    content: [1],
  });
  const again = { identity: 'b', interactionId, origin: 'test', content: '' };
  expect(() => runtime.interactions.reserve(again)).toThrow(
    expect.objectContaining({ code: 'MOB_CONFLICT' }) as Error,
  );
  expect(runtime.interactions.fail(interactionId, 'not sent')).toBe(true);
  expect(await ended).toEqual({ status: 'failed', reason: 'not sent' });
  const about = { interaction_id: interactionId, identity: 'a' };
  const { items } = runtime.timeline.read({ scope: { interactionId } });
  expect(items.map((item) => item.type === 'event' && item.event)).toMatchObject([
    { event: { eventType: 'interaction_started', payload: { ...about, origin: 'test', content: [1] } } },
    { event: { eventType: 'interaction_failed', payload: { ...about, reason: 'not sent' } } },
  ]);
  await sink.flush();
  expect((await eventLog.query({ eventTypes: ['interaction_failed'] })).events).toHaveLength(1);
});

it('[runtime.interactions-bounded] fails the oldest of a member that has too many, and no other', async () => {
  const { runtime } = await startRuntime();
  const { interactions } = runtime;
  const other = interactions.reserve({ identity: 'b', origin: 'test', content: '' });
  const all = Array.from({ length: 257 }, () =>
    interactions.reserve({ identity: 'a', origin: 'test', content: '' }),
  );
  expect(await all[0]?.ended).toEqual({ status: 'failed', reason: 'queue_overflow' });
  expect(interactions.pending('a')).toHaveLength(256);
  expect(interactions.pending('b')).toEqual([other]);
});

it('[runtime.interactions-refused] begins none from the call of shutdown on, and none of a mob that is lost', async () => {
  const { runtime } = await startRuntime();
  const request = { identity: 'a', origin: 'test', content: '' };
  const begun = runtime.interactions.reserve(request);
  const ending = runtime.shutdown();
  expect(() => runtime.interactions.reserve(request)).toThrow(
    expect.objectContaining({ code: 'MOB_SHUTTING_DOWN' }) as Error,
  );
  await ending;
  expect(await begun.ended).toEqual({ status: 'failed', reason: 'runtime_shutdown' });
  const { runtime: other, mob } = await startRuntime();
  mob.lose(new MobError('MOB_LEASE_LOST', 'another has it'));
  expect(() => other.interactions.reserve(request)).toThrow(
    expect.objectContaining({ code: 'MOB_LEASE_LOST' }) as Error,
  );
  await other.shutdown();
});

it('[runtime.interactions-late] keeps one that was begun after its member was retired, however late that is heard', async () => {
  const here = await world();
  const { runtime } = await startRuntime({}, here);
  await runtime.roster.spawn({ identity: 'a', profile: 'worker' });
  const request = { identity: 'a', origin: 'test', content: '' };
  const before = runtime.interactions.reserve(request);
  let hear = () => {};
  const held = new Promise<void>((resolve) => (hear = resolve));
  const labels = here.metadata.labels.bind(here.metadata);
  here.metadata.labels = async (scope) => (await held, labels(scope));
  await runtime.roster.retire('a');
  here.clock.advance(1);
  const after = runtime.interactions.reserve(request);
  hear();
  expect(await before.ended).toEqual({ status: 'failed', reason: 'lifecycle_mutation' });
  expect(runtime.interactions.pending('a')).toEqual([after]);
  await runtime.shutdown();
});

it('[runtime.interactions-end] fails those of a member that was retired, and all when the runtime ends', async () => {
  const { runtime, sink, eventLog } = await startRuntime();
  await runtime.roster.spawn({ identity: 'a', profile: 'worker' });
  const ofMember = runtime.interactions.reserve({ identity: 'a', origin: 'test', content: '' });
  const left = runtime.interactions.reserve({ identity: 'b', origin: 'test', content: '' });
  await runtime.roster.retire('a');
  expect(await ofMember.ended).toEqual({ status: 'failed', reason: 'lifecycle_mutation' });
  await runtime.shutdown();
  expect(await left.ended).toEqual({ status: 'failed', reason: 'runtime_shutdown' });
  expect(() => runtime.interactions.reserve({ identity: 'b', origin: 'test', content: '' })).toThrow(
    expect.objectContaining({ code: 'MOB_SHUTTING_DOWN' }) as Error,
  );
  expect(sink.stats().buffered).toBe(0);
  expect((await eventLog.query({ eventTypes: ['interaction_failed'] })).events).toHaveLength(2);
});
