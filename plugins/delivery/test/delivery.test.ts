import { FaultyStorage, ManualClock, unavailable } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';
import { MobError } from '@mobkit/core';
import type { DeliverySink } from '@mobkit/core/ops';
import { openDelivery } from '@mobkit/delivery';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { deliveriesIn, request, resolution } from './delivery-records.js';
import { letPass, openStage, settle } from './delivery-stage.js';
import { overRecords } from './over-records.js';

/** A storage, and what was written and read through it. */
function counting(inner: Storage) {
  const [writes, reads]: [string[], string[]] = [[], []];
  const storage = overRecords(
    inner,
    (records, { name }) => ({
      get: (key) => (reads.push(name), records.get(key)),
      put: (...given) => (writes.push('put'), records.put(...given)),
      delete: (...given) => (writes.push('delete'), records.delete(...given)),
      claimDue: (claim) => (writes.push('claim'), records.claimDue(claim)),
    }),
    (write) => (writes.push('commit'), inner.commit(write)),
  );
  return { storage, writes, reads };
}

it('[delivery.two-commits] is two commits: one before the sink is called, one after', async () => {
  const { storage, writes } = counting((await openMemoryStores()).storage);
  let before: string[] = [];
  const { delivery } = await openStage({ storage, deliver: async () => void (before = [...writes]) });
  await settle();
  writes.length = 0;
  await delivery.send(request({ idempotencyKey: 'k', interactionId: 'i-1' }));
  expect([before, writes]).toEqual([['commit'], ['commit', 'put']]);
});

it('[delivery.unread] reads nothing first when the limit is as this process left it, and what it is when it is not', async () => {
  const { storage } = await openMemoryStores();
  const { storage: watched, reads } = counting(storage);
  const ours = await openStage({ storage: watched, start: false });
  const others = await openStage({ storage, start: false, clock: ours.clock });
  const to = resolution({ recipient: 'ops', sink: 'box', rateLimitPerMinute: 3 });
  const send = ({ delivery }: typeof ours, idempotencyKey: string) =>
    delivery.send(request({ resolution: to, idempotencyKey }));
  await send(ours, 'a');
  reads.length = 0;
  await send(ours, 'b');
  expect(reads).toEqual([]);
  await send(others, 'c');
  await expect(send(ours, 'd')).rejects.toMatchObject({ code: 'MOB_RATE_LIMITED' });
  expect(await send(ours, 'a')).toMatchObject({ idempotencyKey: 'a', status: 'sent' });
  expect(await ours.delivery.history()).toHaveLength(3);
});

it('[delivery.recorded] keeps with the record what people search by', async () => {
  const { delivery, storage, clock } = await openStage({ deliver: async () => clock.advance(250) });
  const sent = await delivery.send(request());
  expect(sent).toEqual({
    ...request(),
    deliveryId: expect.stringMatching(/^0000000007000-0000-/),
    mobId: 'm',
    status: 'sent',
    attempts: [{ attempt: 1, status: 'sent', startedAtMs: 7_000, endedAtMs: 7_250, backoffMs: 0 }],
  });
  expect(await deliveriesIn(storage)).toMatchObject([
    { fields: { recipient: 'ops', sink: 'box', status: 'sent' }, record: sent },
  ]);
});

it('[delivery.no-sink] fails, on record, when no sink has the name, and lists those there are', async () => {
  const { delivery } = await openStage({ sinks: () => [{ name: 'log', deliver: async () => {} }] });
  expect(await delivery.send(request())).toMatchObject({
    status: 'failed',
    attempts: [{ error: 'no sink has that name; there are: "log"' }],
  });
});

it('[delivery.last-sink] calls the last sink of a name, and looks anew at each delivery', async () => {
  const refuses = (error: string): DeliverySink => ({
    name: 'box',
    async deliver() {
      throw new Error(error);
    },
  });
  const sinks = [refuses('the first is not asked'), { name: 'box', deliver: async () => {} }];
  const { delivery } = await openStage({ sinks: () => sinks });
  expect(await delivery.send(request())).toMatchObject({ status: 'sent' });
  sinks.push(refuses('newer'));
  expect(await delivery.send(request())).toMatchObject({ attempts: [{ error: 'newer' }] });
});

it('[delivery.carries] asks first who carries for others, at each attempt, and else the sink of the name', async () => {
  let there = true;
  const got: string[] = [];
  const taking = (name: string) => ({ name, deliver: async () => void got.push(name) });
  const stand = { ...taking('stand-in'), carries: (sink: string) => there && sink === 'box' };
  const { delivery } = await openStage({ sinks: () => [stand, taking('box')] });
  await delivery.send(request());
  there = false;
  await delivery.send(request());
  expect(got).toEqual(['stand-in', 'box']);
});

it('[delivery.timeout] gives a sink its time, tells it when that is over, and then does not know', async () => {
  let signal: AbortSignal | undefined;
  const { delivery, clock } = await openStage({
    sinkTimeoutMs: 500,
    deliver: (_, context) => (({ signal } = context), new Promise(() => {})),
  });
  const sending = delivery.send(request());
  await settle();
  clock.advance(499);
  await settle();
  expect(signal?.aborted).toBe(false);
  clock.advance(1);
  expect(await sending).toMatchObject({
    status: 'unknown',
    attempts: [{ status: 'unknown', error: 'The sink did not answer within 500 ms', endedAtMs: 7_500 }],
  });
  expect(signal?.aborted).toBe(true);
});

it('[delivery.timeout] tries a sink again that takes the same message twice as one', async () => {
  const { delivery, clock } = await openStage({
    sinkTimeoutMs: 500,
    idempotent: true,
    deliver: (_, { attempt }) => (attempt === 1 ? new Promise(() => {}) : Promise.resolve()),
  });
  const sent = await letPass(clock, delivery.send(request()));
  expect(sent).toMatchObject({ status: 'sent', attempts: [{ status: 'unknown' }, { status: 'sent' }] });
});

it('[delivery.answer] answers what is pending after a while, and goes on by itself', async () => {
  const { delivery, clock, told } = await openStage({
    answerWithinMs: 1_000,
    deliver: async (_, { attempt }) => {
      if (attempt < 2) throw new MobError('acme/busy', 'busy', { retryable: true });
    },
  });
  const limits = { recipient: 'ops', sink: 'box', retryMax: 1, backoffMs: 4_000 };
  const pending = await letPass(clock, delivery.send(request({ resolution: resolution(limits) })), 1_000);
  expect(pending).toMatchObject({ status: 'pending', attempts: [{ status: 'transient_failure' }] });
  expect(pending.nextAttemptAtMs).toBe(7_000 + (pending.attempts[0]?.backoffMs ?? NaN));
  expect(clock.now()).toBe(8_000);
  clock.advance(4_000 * 1.25);
  await settle();
  expect(await delivery.get(pending.deliveryId)).toMatchObject({ status: 'sent' });
  expect(told).toMatchObject([{ event: { payload: { status: 'sent' } } }]);
});

it('[delivery.not-started] sends before it is started, and tries again only then', async () => {
  const deliver: DeliverySink['deliver'] = async (_, { attempt }) => {
    if (attempt < 2) throw new MobError('acme/busy', 'busy', { retryable: true });
  };
  const before = await openStage({ deliver, start: false });
  const pending = await before.delivery.send(request());
  expect(pending.status).toBe('pending');
  before.clock.advance(60_000);
  await settle();
  expect(await before.delivery.get(pending.deliveryId)).toEqual(pending);
  const { storage, clock } = before;
  const { delivery } = await openStage({ storage, clock, deliver });
  await settle();
  expect(await delivery.get(pending.deliveryId)).toMatchObject({ status: 'sent', attempts: [{}, {}] });
});

it('[delivery.given-up] gives up at the deadline of its stop, and the next process finds what was cut short', async () => {
  const before = await openStage({
    deliver: (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cut')))),
  });
  const sending = before.delivery.send(request());
  await settle();
  const stopping = before.delivery.stop({ deadlineMs: 1_000 });
  await settle();
  before.clock.advance(1_000);
  await stopping;
  expect(await sending).toMatchObject({ status: 'pending', attempts: [{ status: 'started' }] });
  await settle();
  const { delivery } = await openStage({ storage: before.storage });
  await settle();
  expect(await delivery.dead()).toMatchObject([{ status: 'unknown' }]);
});

it('[delivery.refused] sends nothing when it cannot be recorded, and passes the error of the storage on', async () => {
  const storage = new FaultyStorage((await openMemoryStores()).storage);
  const { delivery } = await openStage({ storage, sinks: () => expect.unreachable() });
  storage.beforeCommit = () => {
    throw unavailable();
  };
  await expect(delivery.send(request())).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  expect(await delivery.history()).toEqual([]);
});

it('[delivery.lost-answer] carries a message on whose record was kept while the answer was lost', async () => {
  const storage = new FaultyStorage((await openMemoryStores()).storage);
  const { delivery } = await openStage({ storage });
  storage.afterCommit = () => {
    throw unavailable();
  };
  const sent = await delivery.send(request({ idempotencyKey: 'k' }));
  expect(sent).toMatchObject({ status: 'sent', attempts: [{ status: 'sent' }] });
});

/** A storage of which writes of one record fail, from when it is told. */
function refusingPuts(inner: Storage) {
  const state = { refuses: false, refused: 0 };
  const storage = overRecords(inner, (records) => ({
    async put(...given) {
      if (!state.refuses) return records.put(...given);
      state.refused++;
      throw unavailable();
    },
  }));
  return { storage, state };
}

it('[delivery.end-kept] keeps on recording an end while the store is away', async () => {
  const { storage, state } = refusingPuts((await openMemoryStores()).storage);
  state.refuses = true;
  const { delivery, clock } = await openStage({ storage });
  const sending = delivery.send(request());
  while (state.refused < 4) {
    await settle();
    clock.advance(clock.nextDueMs ?? 0);
  }
  state.refuses = false;
  expect(await letPass(clock, sending)).toMatchObject({ status: 'sent' });
});

it('[delivery.handed-over] tells a message that was handed over but not recorded from one to send again', async () => {
  const { storage, state } = refusingPuts((await openMemoryStores()).storage);
  state.refuses = true;
  const { delivery, clock, errors } = await openStage({ storage, answerWithinMs: 3_600_000 });
  await expect(letPass(clock, delivery.send(request()))).rejects.toMatchObject({
    code: 'MOB_DELIVERY_FAILED',
    message: expect.stringContaining('do not send it again (the storage is away)'),
    retryable: false,
    details: { handedOver: true },
  });
  expect(errors).toContainEqual({ category: 'store_failure', error: 'Deliveries: the storage is away' });
  expect(await deliveriesIn(storage)).toMatchObject([{ record: { status: 'pending' } }]);
});

it('[delivery.other-mob] carries, counts and shows what is of its own scope alone', async () => {
  const { storage } = await openMemoryStores();
  const clock = new ManualClock(7_000);
  const fails: DeliverySink['deliver'] = async () => {
    throw new MobError('acme/busy', 'busy', { retryable: true });
  };
  const onlyOne = resolution({ recipient: 'ops', sink: 'box', rateLimitPerMinute: 1 });
  const asked = request({ idempotencyKey: 'k', resolution: onlyOne });
  const theirs = await openStage({ storage, clock, scope: 'theirs', deliver: fails, answerWithinMs: 1 });
  const { deliveryId } = await letPass(clock, theirs.delivery.send(asked));
  await theirs.delivery.stop({ deadlineMs: 0 });
  const taken: string[] = [];
  const deliver: DeliverySink['deliver'] = async ({ deliveryId: id }) => void taken.push(id);
  const ours = await openStage({ storage, clock, scope: 'ours', deliver });
  const sent = await ours.delivery.send({ ...asked, payload: 'Something else' });
  clock.advance(60_000);
  await settle();
  expect(taken).toEqual([sent.deliveryId]);
  expect(await ours.delivery.history()).toEqual([sent]);
  await expect(ours.delivery.redrive(deliveryId)).rejects.toMatchObject({ code: 'MOB_DELIVERY_NOT_FOUND' });
  const again = await openStage({ storage, clock, scope: 'theirs' });
  clock.advance(3_600_000);
  await settle();
  expect(await again.delivery.get(deliveryId)).toMatchObject({ status: 'sent' });
});

it('[delivery.key-over] sends a key anew when its time is over', async () => {
  const { delivery, clock } = await openStage({ idempotencyTtlMs: 60_000 });
  const keyed = request({ idempotencyKey: 'k' });
  const first = await delivery.send(keyed);
  clock.advance(59_999);
  expect(await delivery.send(keyed)).toEqual(first);
  clock.advance(1);
  expect((await delivery.send({ ...keyed, payload: 'Up' })).deliveryId).not.toBe(first.deliveryId);
});

const wrong: readonly [string, object, object][] = [
  ['a payload that is no JSON', { payload: () => {} }, { name: 'TypeError' }],
  ['a blank key', { idempotencyKey: ' ' }, { name: 'TypeError' }],
  ['a sender no record can hold', { from: 'a\0' }, { name: 'TypeError' }],
  [
    'a payload that is too long',
    { payload: 'x'.repeat(262_143) },
    { code: 'MOB_REQUEST_INVALID', details: { field: 'payload' } },
  ],
  [
    'a blank sink',
    { resolution: resolution({ recipient: 'ops', sink: ' ' }) },
    { code: 'MOB_REQUEST_INVALID', details: { field: 'resolution.sink' } },
  ],
];

it.for(wrong)('[delivery.request] refuses %s, and records nothing', async ([, given, error]) => {
  const { delivery } = await openStage();
  await expect(delivery.send(request(given))).rejects.toMatchObject(error);
  expect(await delivery.history()).toEqual([]);
});

it('[delivery.request] keeps what was asked for, whatever the caller makes of it later', async () => {
  const { delivery } = await openStage();
  const payload = { text: 'Down' };
  const sending = delivery.send(request({ payload }));
  payload.text = 'Up';
  expect((await sending).payload).toEqual({ text: 'Down' });
});

it('refuses settings that cannot be', async () => {
  const { storage } = await openMemoryStores();
  const sinks = () => [];
  await expect(openDelivery({ storage, sinks, sinkTimeoutMs: 0 })).rejects.toThrow(TypeError);
  await expect(openDelivery({ storage, sinks, retentionMs: 1 })).rejects.toThrow(/idempotencyTtlMs/);
});

it('[delivery.idempotent] tells keys and recipients apart that are as long as may be', async () => {
  const delivered: unknown[] = [];
  const { delivery } = await openStage({ deliver: async ({ payload }) => void delivered.push(payload) });
  const long = (end: string) => 'ä'.repeat(399) + end;
  const send = (payload: string, to: string, idempotencyKey: string) =>
    delivery.send(
      request({ payload, idempotencyKey, resolution: resolution({ recipient: to, sink: 'box' }) }),
    );
  await send('first', long('a'), long('k'));
  await send('first', long('a'), long('k'));
  await send('other key', long('a'), long('l'));
  await send('other recipient', long('b'), long('k'));
  expect(delivered).toEqual(['first', 'other key', 'other recipient']);
});
