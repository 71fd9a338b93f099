import { event as storedEvent } from '@mobkit/contract-kit';
import { eventLogDefinition } from '@mobkit/core';
import { createEventIngestion } from '@mobkit/event-log';
import { expect, it } from 'vitest';

import { take } from '../test/support/read-stream.js';
import { startRuntime, type World, world } from '../test/support/start-runtime.js';

const delta = { type: 'text_delta', delta: 'x' } as const;

/** A runtime in which `identities` each did one thing, then a shutdown in order or a crash. */
async function life(here: World, identities: string, end: 'shutdown' | 'crash' | 'goes on') {
  const started = await startRuntime({}, here);
  for (const identity of identities) started.mob.act(identity, delta);
  if (end === 'shutdown') await started.runtime.shutdown();
  return started;
}

it('[runtime.resume-restart] goes on over a restart in order: nothing missing, nothing twice, no gap', async () => {
  const here = await world();
  await life(here, 'abab', 'shutdown');
  await life(here, 'a', 'shutdown');
  const { runtime } = await life(here, 'ba', 'goes on');
  const all = runtime.agentEvents({ after: { epoch: 1, n: 2 } });
  expect(await take(all, 5)).toEqual(['1.3', '1.4', '2.1', '3.1', '3.2']);
  const ofOne = runtime.agentEvents({ identity: 'a', after: { epoch: 1, n: 1 } });
  expect(await take(ofOne, 3)).toEqual(['1.3', '2.1', '3.2']);
});

it('[runtime.resume-buffered] waits for events that are still on their way into the log', async () => {
  const { runtime, mob, sink } = await startRuntime();
  for (let i = 0; i < 5_000; i += 1) mob.act('a', delta);
  expect(sink.stats().persisted).toBe(0);
  const given = await take(runtime.agentEvents({ after: { epoch: 1, n: 10 } }), 4_990);
  expect(given).toEqual(Array.from({ length: 4_990 }, (_, i) => `1.${i + 11}`));
});

it('[runtime.crash-gap] says at the end of an epoch that crashed that events may be missing', async () => {
  const here = await world();
  await life(here, 'aaa', 'crash');
  await here.sink.flush();
  here.engine.opened[0]?.act('a', delta);
  here.sink.lose();
  const { runtime } = await life(here, 'aa', 'goes on');
  expect(await take(runtime.agentEvents({ after: { epoch: 1, n: 1 } }), 5)).toEqual([
    '1.2',
    '1.3',
    'unknown_position 1.3..2.0',
    '2.1',
    '2.2',
  ]);
  // Seen live, lost with the buffer: it is not given for known.
  expect(await take(runtime.agentEvents({ after: { epoch: 1, n: 4 } }), 2)).toEqual([
    'unknown_position 1.4..2.0',
    '2.1',
  ]);
});

it('[runtime.gap] tells of missing numbers exactly where they are missing', async () => {
  const here = await world();
  const first = await startRuntime({}, here);
  for (const identity of 'aab') first.mob.act(identity, delta);
  await here.sink.flush();
  for (const identity of 'ab') first.mob.act(identity, delta);
  here.sink.lose();
  first.mob.act('a', delta);
  await here.sink.flush();
  first.mob.act('b', delta);
  here.sink.lose();
  await first.runtime.shutdown();
  const { runtime } = await life(here, 'a', 'goes on');
  expect(await take(runtime.agentEvents({ after: { epoch: 1, n: 1 } }), 6)).toEqual([
    '1.2',
    '1.3',
    'not_kept 1.3..1.5',
    '1.6',
    'not_kept 1.6..1.7',
    '2.1',
  ]);
  expect(await take(runtime.agentEvents({ identity: 'b', after: { epoch: 1, n: 0 } }), 2)).toEqual([
    '1.3',
    'not_kept 1.1..1.3',
  ]);
});

it('gives a gap for events that were filtered, and for those that were pruned', async () => {
  const here = await world();
  here.sink.filter.add('turn_started');
  const first = await startRuntime({}, here);
  for (const type of ['text_delta', 'turn_started', 'text_delta', 'text_delta'] as const) {
    first.mob.act('a', type === 'text_delta' ? delta : { type, turn_number: 1 });
  }
  await first.runtime.shutdown();
  const { runtime } = await life(here, 'a', 'goes on');
  const from = { epoch: 1, n: 0 };
  expect(await take(runtime.agentEvents({ after: from }), 5)).toEqual([
    '1.1',
    'not_kept 1.1..1.2',
    '1.3',
    '1.4',
    '2.1',
  ]);
  await here.storage.log(eventLogDefinition).prune({ keep: 1 });
  expect(await take(runtime.agentEvents({ after: from }), 3)).toEqual(['not_kept 1.0..1.3', '1.4', '2.1']);
});

it('finds its place in a long log that others write to as well', async () => {
  const here = await world();
  const { eventLog, sink } = here;
  const numbers: number[] = [];
  for (let epoch = 1; epoch <= 3; epoch += 1) {
    const { runtime, mob } = await startRuntime({}, here);
    for (let n = 1; n <= 400; n += 1) {
      if (n % 3 === 0) {
        await sink.flush();
        const stream = { epoch, n, agentN: n };
        await eventLog.appendBatch([
          storedEvent(`other-${epoch}-${n}`, { mobId: 'other', identity: 'a', stream }),
          storedEvent(`module-${epoch}-${n}`, { mobId: 'demo' }),
        ]);
      }
      mob.act(n % 50 === 0 ? 'rare' : 'a', delta);
      numbers.push(epoch * 1000 + n);
    }
    await runtime.shutdown();
  }
  const { runtime } = await startRuntime({}, here);
  for (const at of [0, 1, 255, 256, 257, 398, 399, 400, 640, 799, 800, 1000, 1199]) {
    const after = { epoch: Math.floor(at / 400) + 1, n: at % 400 };
    const rest = numbers.slice(at).map((number) => `${Math.floor(number / 1000)}.${number % 1000}`);
    expect(await take(runtime.agentEvents({ after }), rest.length)).toEqual(rest);
  }
  const rare = runtime.agentEvents({ identity: 'rare', after: { epoch: 2, n: 7 } });
  expect(await take(rare, 3)).toEqual(['2.400', '3.50', '3.100']);
});

it('passes on what the event log throws', async () => {
  const here = await world();
  await life(here, 'a', 'shutdown');
  const query = () => Promise.reject(new Error('log is down'));
  const { runtime } = await startRuntime({ eventLog: { ...here.eventLog, query } }, here);
  await expect(take(runtime.agentEvents({ after: { epoch: 1, n: 0 } }), 1)).rejects.toThrow('log is down');
});

it('goes on over a restart when events are ingested in batches', async () => {
  const here = await world();
  const ingest = () => createEventIngestion({ store: here.eventLog, batchSize: 64, clock: here.clock });
  const [first, second] = [ingest(), ingest()];
  const { runtime, mob } = await startRuntime({ eventSink: first }, here);
  for (let i = 0; i < 6_000; i += 1) {
    mob.act('a', delta);
    // Before the ingestion is full: in a real engine, models take their time.
    if (i === 3_000) await first.flush();
  }
  expect(await take(runtime.agentEvents({ after: { epoch: 1, n: 0 } }), 6_000)).toHaveLength(6_000);
  expect(await runtime.shutdown()).toMatchObject({ errors: [], drain: { timedOut: false } });
  await first.close();
  const next = await startRuntime({ eventSink: second }, here);
  next.mob.act('a', delta);
  const given = await take(next.runtime.agentEvents({ after: { epoch: 1, n: 5_998 } }), 3);
  expect(given).toEqual(['1.5999', '1.6000', '2.1']);
  await next.runtime.shutdown();
  await second.close();
});
