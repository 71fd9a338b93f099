import { expect, it } from 'vitest';

import { short, take, takeAll } from '../test/support/read-stream.js';
import { startRuntime, world } from '../test/support/start-runtime.js';
import type { AgentStreamItem } from './agent-streams.js';
import { payloadJson } from './payload-json.js';

const delta = { type: 'text_delta', delta: 'x' } as const;

it('[runtime.stream-from-now] begins a stream at the call, not when it is first read', async () => {
  const { runtime, mob } = await startRuntime();
  mob.act('worker-1', delta);
  const stream = runtime.agentEvents({});
  mob.act('worker-1', delta);
  mob.act('worker-2', delta);
  expect(stream.position).toEqual({ epoch: 1, n: 1 });
  expect(await take(stream, 2)).toEqual(['1.2', '1.3']);
  expect(stream.position).toEqual({ epoch: 1, n: 3 });
});

it('wakes a waiting reader with the next event of its own stream', async () => {
  const { runtime, mob } = await startRuntime();
  const all = runtime.agentEvents({})[Symbol.asyncIterator]();
  const one = runtime.agentEvents({ identity: 'worker-2' })[Symbol.asyncIterator]();
  const next = [all.next(), one.next()];
  mob.act('worker-1', delta);
  mob.act('worker-2', delta);
  const given = await Promise.all(next);
  expect(given.map(({ value }) => short(value as AgentStreamItem))).toEqual(['1.1', '1.2']);
});

it('numbers the stream of a member on its own, over its incarnations', async () => {
  const { runtime, mob } = await startRuntime();
  for (const identity of ['a', 'b', 'a', 'b', 'b', 'a']) mob.act(identity, delta);
  expect(await take(runtime.agentEvents({ identity: 'b', after: { epoch: 1, n: 1 } }), 2)).toEqual([
    '1.4',
    '1.5',
  ]);
});

it('[runtime.stream-shared] gives all readers the same object, whose JSON is made once', async () => {
  const { runtime, mob } = await startRuntime();
  const streams = [runtime.agentEvents({}), runtime.agentEvents({ identity: 'a' })];
  let made = 0;
  const payload = { ...delta, toJSON: () => ((made += 1), delta) };
  mob.act('a', payload);
  const events = streams.flatMap((stream) => stream.takeReady());
  const [one, other] = events.map((item) => (item.type === 'event' ? item.event : undefined));
  expect(one).toBeDefined();
  expect(one).toBe(other);
  expect(one && payloadJson(one)).toBe(JSON.stringify(delta));
  expect(made).toBe(1);
});

it('hands out everything that is there at once, and the iteration goes on after it', async () => {
  const { runtime, mob } = await startRuntime();
  const stream = runtime.agentEvents({});
  for (let i = 0; i < 4; i += 1) mob.act('a', delta);
  const iterator = stream[Symbol.asyncIterator]();
  expect(short((await iterator.next()).value as AgentStreamItem)).toBe('1.1');
  expect(stream.takeReady().map(short)).toEqual(['1.2', '1.3', '1.4']);
  expect(stream.takeReady()).toEqual([]);
  mob.act('a', delta);
  expect(short((await iterator.next()).value as AgentStreamItem)).toBe('1.5');
});

it('goes on from a cursor that is still in memory without asking the store', async () => {
  const { runtime, mob, sink } = await startRuntime();
  for (let i = 0; i < 5; i += 1) mob.act('a', delta);
  expect(await take(runtime.agentEvents({ after: { epoch: 1, n: 2 } }), 3)).toEqual(['1.3', '1.4', '1.5']);
  expect(sink.flushes).toEqual([]);
});

it('[runtime.slow-reader] gives a reader that fell behind everything from the log, and makes nobody wait', async () => {
  const { runtime, mob } = await startRuntime();
  const slow = runtime.agentEvents({});
  const quick = runtime.agentEvents({});
  let seen = 0;
  for (let i = 0; i < 10_000; i += 1) {
    mob.act('a', delta);
    seen += quick.takeReady().length;
  }
  expect(seen).toBe(10_000);
  const given = await take(slow, 10_000);
  expect(given).toEqual(Array.from({ length: 10_000 }, (_, i) => `1.${i + 1}`));
});

it('keeps large events only as long as there is room for them', async () => {
  const { runtime, mob } = await startRuntime({ eventLog: undefined });
  const stream = runtime.agentEvents({});
  for (let i = 0; i < 6; i += 1) mob.act('a', { type: 'text_delta', delta: 'x'.repeat(1024 * 1024) });
  expect(await take(stream, 4)).toEqual(['not_kept 1.0..1.3', '1.4', '1.5', '1.6']);
});

it('says what it cannot give when there is no event log', async () => {
  const { runtime, mob } = await startRuntime({ eventLog: undefined });
  await runtime.drain();
  const stream = runtime.agentEvents({ identity: 'a' });
  for (let i = 0; i < 5_000; i += 1) mob.act(i % 2 ? 'b' : 'a', delta);
  expect(await take(stream, 2)).toEqual(['not_kept 1.0..1.452', '1.905']);
});

it('[runtime.stream-stale] refuses, at the call, a cursor that no event has had', async () => {
  const { runtime, mob } = await startRuntime();
  mob.act('a', delta);
  mob.act('b', delta);
  const refusal = (after: { epoch: number; n: number }, latest: { epoch: number; n: number }) =>
    expect.objectContaining({ code: 'MOB_CURSOR_STALE', details: { after, latest } });
  expect(() => runtime.agentEvents({ after: { epoch: 1, n: 3 } })).toThrow(
    refusal({ epoch: 1, n: 3 }, { epoch: 1, n: 2 }),
  );
  expect(() => runtime.agentEvents({ identity: 'a', after: { epoch: 1, n: 2 } })).toThrow(
    refusal({ epoch: 1, n: 2 }, { epoch: 1, n: 1 }),
  );
  expect(() => runtime.agentEvents({ after: { epoch: 2, n: 0 } })).toThrow(
    refusal({ epoch: 2, n: 0 }, { epoch: 1, n: 2 }),
  );
  expect(() => runtime.agentEvents({ after: { epoch: 1, n: 1.5 } })).toThrow(TypeError);
  expect(() => runtime.agentEvents({ after: { epoch: 0, n: 1 } })).toThrow(TypeError);
});

it('ends by its signal, also while it waits and while the log does not answer', async () => {
  const here = await world();
  const first = await startRuntime({}, here);
  first.mob.act('a', delta);
  await first.runtime.shutdown();
  const { runtime, sink, mob } = await startRuntime({}, here);
  for (let i = 0; i < 5_000; i += 1) mob.act('a', delta);
  sink.down = true;
  const stop = new AbortController();
  const { signal } = stop;
  const behind = takeAll(runtime.agentEvents({ after: { epoch: 1, n: 0 }, signal }));
  const waiting = takeAll(runtime.agentEvents({ identity: 'quiet', signal }));
  stop.abort();
  expect(await Promise.all([behind, waiting])).toEqual([[], []]);
});
