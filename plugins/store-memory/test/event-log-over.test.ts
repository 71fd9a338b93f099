import { checkEvent, eventLogOver, type EventQuery, type NewEvent } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { event } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

const cycle: Record<string, unknown> = {};
cycle['itself'] = cycle;
const said = (payload: unknown) =>
  ({ event: { kind: 'module', module: 'm', eventType: 'said', payload } }) as const;

it.each<[string, NewEvent, RegExp]>([
  ['no id', { ...event('a'), id: undefined as unknown as string }, /^The id of an entry/],
  ['a time that is no safe integer', event('a', { timestampMs: 2 ** 53 }), /^timestampMs of "a"/],
  ['a BigInt in its payload', event('a', said(1n)), /^payload of event "a" is not JSON: .*BigInt/],
  ['a cycle in its payload', event('a', said(cycle)), /^payload of event "a" is not JSON: .*circular/],
  ['an undefined payload', event('a', said(undefined)), /^payload of event "a" is undefined/],
  ['no event in it', event('a', { event: null as never }), /^event of event "a" is not an object/],
  ['a run id that is no text', event('a', { runId: 7 as unknown as string }), /"run_id"/],
])(
  '[store.event-checked] refuses an event with %s, by the name of the field',
  async (_what, given, message) => {
    expect(() => checkEvent(given)).toThrow(message);
    expect(() => checkEvent(given)).toThrow(TypeError);
    const { eventLog } = await openMemoryStores();
    await expect(eventLog.appendBatch([event('b'), given])).rejects.toThrow(message);
    expect(await eventLog.query({})).toMatchObject({ events: [], lastSeq: 0 });
  },
);

it.each<[EventQuery, RegExp]>([
  [{ sinceMs: 20, untilMs: 10 }, /^sinceMs \(20\) is above untilMs \(10\)/],
  [{ member: 'x' } as EventQuery, /"member"/],
  [{ afterSeq: 1.5 }, /^afterSeq/],
  [{ limit: -1 }, /^limit/],
])('[store.query-checked] refuses the query %j, by the name of the field', async (query, message) => {
  const { eventLog } = await openMemoryStores();
  await expect(eventLog.query(query)).rejects.toThrow(message);
  await expect(eventLog.query(query)).rejects.toThrow(TypeError);
});

it('answers an empty range with nothing', async () => {
  const { storage } = await openMemoryStores();
  const log = await eventLogOver(storage);
  await log.appendBatch([event('a')]);
  expect((await log.query({ sinceMs: 10, untilMs: 10 })).events).toEqual([]);
});

it('[store.event-prune] prunes the event log through its contract', async () => {
  const { eventLog } = await openMemoryStores();
  await eventLog.appendBatch([event('a'), event('b'), event('c')]);
  expect(await eventLog.prune?.({ keep: 1 })).toBe(2);
  expect(await eventLog.query({})).toMatchObject({ events: [{ id: 'c' }], firstSeq: 3 });
});
