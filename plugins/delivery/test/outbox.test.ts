import { ManualClock } from '@mobkit/contract-kit';
import { MobError, type RecordStore, type Storage } from '@mobkit/core';
import {
  type DeliveryMessage,
  deliveryOutboxDefinition,
  deliveryOutboxOf,
  type KeptOutboxRequest,
  type OutboxRequest,
  outboxWrite,
  type Resolution,
} from '@mobkit/core/ops';
import type { OutboxOptions } from '@mobkit/delivery';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

import { resolution } from './delivery-records.js';
import { openStage, settle } from './delivery-stage.js';
import { overRecords } from './over-records.js';

const toBox: OutboxOptions['resolve'] = async ({ recipient, channel = 'notification' }) =>
  resolution({ recipient, channel, sink: 'box' });

/** Keys of the clock of these tests are long over for a store that goes by the machine's. */
const KEPT = { idempotencyTtlMs: 2 ** 42, retentionMs: 2 ** 42 };

/** A delivery over memory that hands over what is asked for, and what its sink was given. */
async function openOutbox({
  resolve = toBox,
  ...given
}: Parameters<typeof openStage>[0] & Partial<Pick<OutboxOptions, 'resolve'>> = {}) {
  const storage = given.storage ?? (await openMemoryStores()).storage;
  await storage.prepare([deliveryOutboxDefinition, deliveryOutboxOf('m'), deliveryOutboxOf('other')]);
  const sent: DeliveryMessage[] = [];
  const wakes = new Set<() => void>();
  const onEnlisted = (wake: () => void) => (wakes.add(wake), () => void wakes.delete(wake));
  const stage = await openStage({
    outbox: { resolve, onEnlisted },
    deliver: async (message) => void sent.push(message),
    ...given,
    storage,
  });
  return {
    ...stage,
    sent,
    async ask(request: Partial<OutboxRequest>) {
      const asked = { id: 'a', recipient: 'ops', payload: 'Paid', ...request };
      await storage.commit({ puts: [outboxWrite(asked, stage.clock.now())] });
      for (const wake of wakes) wake();
      await settle();
    },
  };
}

async function keptIn(storage: Storage): Promise<KeptOutboxRequest[]> {
  const { records } = await storage.records(deliveryOutboxDefinition).list({});
  return records.map(({ data }) => JSON.parse(data) as KeptOutboxRequest);
}

it('[outbox.handed-over] hands over what is asked for, once, and forgets it then', async () => {
  const { delivery, storage, sent, ask } = await openOutbox();
  await settle();
  await ask({
    id: 'order-7',
    channel: 'alert',
    from: 'shop',
    interactionId: 'i-1',
    payload: { text: 'Paid' },
  });
  const [record] = await delivery.history();
  expect(record).toMatchObject({
    status: 'sent',
    resolution: { recipient: 'ops', channel: 'alert', sink: 'box' },
    payload: { text: 'Paid' },
    from: 'shop',
    interactionId: 'i-1',
    idempotencyKey: 'outbox:order-7',
  });
  expect(await keptIn(storage)).toEqual([]);
  await ask({ id: 'order-7', channel: 'alert', payload: { text: 'Paid' } });
  expect([sent.length, await keptIn(storage)]).toEqual([1, []]);
});

it('[outbox.handed-over] hands over at its start what was asked for before', async () => {
  const { storage } = await openMemoryStores();
  const { ask } = await openOutbox({ storage, start: false });
  await ask({});
  const { sent } = await openOutbox({ storage });
  await settle();
  expect([sent.length, await keptIn(storage)]).toEqual([1, []]);
});

it('[outbox.crash] sends once what a process handed over that ended before it could say so, though its route is another by now', async () => {
  const { storage } = await openMemoryStores();
  // The process is as good as gone when it is to forget the request.
  let bury = () => {};
  const gone = new Promise<never>((_, reject) => (bury = () => reject(new Error('gone'))));
  const dying = overOutbox(storage, { delete: () => gone });
  const first = await openOutbox({ storage: dying, ...KEPT });
  onTestFinished(bury);
  await settle();
  await first.ask({});
  expect([first.sent.length, (await keptIn(storage)).length]).toEqual([1, 1]);
  const other: OutboxOptions['resolve'] = async ({ recipient }) => resolution({ recipient, sink: 'other' });
  const second = await openOutbox({ storage, resolve: other, clock: new ManualClock(67_000), ...KEPT });
  await settle();
  expect([second.sent, await keptIn(storage)]).toEqual([[], []]);
  expect(await second.delivery.history()).toMatchObject([{ resolution: { sink: 'box' }, status: 'sent' }]);
});

it('[outbox.crash] leaves alone what another process has begun to hand over', async () => {
  const { storage } = await openMemoryStores();
  let stolen = false;
  const late = overOutbox(storage, {
    async put(key, record, options) {
      if (!stolen) await storage.records(deliveryOutboxDefinition).put(key, record);
      stolen = true;
      return storage.records(deliveryOutboxDefinition).put(key, record, options);
    },
  });
  const { sent, errors, ask } = await openOutbox({ storage: late });
  await settle();
  await ask({});
  expect([stolen, sent, errors]).toEqual([true, [], []]);
});

it('[outbox.again] tries again what cannot be handed over for the moment, not before it is told to', async () => {
  let failures = 2;
  const resolve: OutboxOptions['resolve'] = async (request) => {
    if (failures-- > 0) {
      const details = { retryAfterMs: 30_000 };
      throw new MobError('MOB_RATE_LIMITED', 'Too many', { retryable: true, details });
    }
    return toBox(request);
  };
  const { clock, storage, sent, ask } = await openOutbox({ resolve });
  await settle();
  await ask({});
  expect(await keptIn(storage)).toMatchObject([{ status: 'waiting', failures: 1, error: 'Too many' }]);
  clock.advance(29_999);
  await settle();
  expect(failures).toBe(1);
  for (let step = 0; step < 4; step++) {
    clock.advance(15_000);
    await settle();
  }
  expect([sent.length, await keptIn(storage)]).toEqual([1, []]);
});

it('[outbox.refused] keeps what can never be handed over, says why, and tries again when it is asked for again', async () => {
  const routes = new Map<string, Resolution>();
  const resolve: OutboxOptions['resolve'] = async ({ recipient }) => {
    const found = routes.get(recipient);
    if (found) return found;
    throw new MobError('MOB_ROUTE_UNRESOLVED', `No route takes "${recipient}"`);
  };
  const { clock, storage, sent, told, ask } = await openOutbox({ resolve });
  await settle();
  await ask({});
  expect(await keptIn(storage)).toMatchObject([{ status: 'refused', error: 'No route takes "ops"' }]);
  expect(told).toMatchObject([
    {
      eventId: expect.stringMatching(/^outbox-refused-a-\d+$/),
      event: {
        kind: 'module',
        module: 'delivery',
        eventType: 'outbox.refused',
        payload: { id: 'a', recipient: 'ops', error: 'No route takes "ops"' },
      },
    },
  ]);
  routes.set('ops', resolution({ recipient: 'ops', sink: 'box' }));
  clock.advance(600_000);
  await settle();
  expect(sent).toEqual([]);
  await ask({});
  clock.advance(15_000);
  await settle();
  expect([sent.length, await keptIn(storage)]).toEqual([1, []]);
});

it('[outbox.untrusted] decides the way anew when the one that was kept is not trusted any more', async () => {
  const { storage } = await openMemoryStores();
  const { ask } = await openOutbox({ storage, start: false });
  await ask({});
  const [kept] = await keptIn(storage);
  const old = resolution({ recipient: 'ops', sink: 'box', routeId: 'old' });
  const { data } = (await storage.records(deliveryOutboxDefinition).get('a'))!;
  await storage.records(deliveryOutboxDefinition).put('a', {
    fields: { recipient: 'ops', status: 'waiting' },
    data: JSON.stringify({ ...(JSON.parse(data) as object), resolution: old }),
    dueAtMs: 0,
  });
  const trust = async ({ routeId }: Resolution) => {
    if (routeId === 'old') throw new MobError('MOB_ROUTE_UNTRUSTED', 'expired');
  };
  const { sent, clock } = await openOutbox({ storage, trust });
  await settle();
  clock.advance(15_000);
  await settle();
  expect([kept?.resolution, sent.length, await keptIn(storage)]).toEqual([undefined, 1, []]);
});

it('[outbox.mob] leaves what is for another mob to that one, without looking at it', async () => {
  const { storage } = await openMemoryStores();
  const here = await openOutbox({ storage, mobId: 'm' });
  const claimed: string[] = [];
  const looking = overRecords(storage, (records, { name }) => ({
    async claimDue(claim) {
      const answer = await records.claimDue(claim);
      claimed.push(...answer.records.map(({ key }) => `${name}/${key}`));
      return answer;
    },
  }));
  const other = await openOutbox({ storage: looking, mobId: 'other' });
  await settle();
  await here.ask({ id: 'mine', mobId: 'm' });
  other.clock.advance(15_000);
  await settle();
  expect([here.sent.length, other.sent, claimed]).toEqual([1, [], []]);
  await here.ask({ id: 'theirs', mobId: 'other' });
  for (let look = 0; look < 4; look++) {
    here.clock.advance(15_000);
    await settle();
  }
  expect(here.sent).toHaveLength(1);
  other.clock.advance(15_000);
  await settle();
  expect(claimed).toEqual(['delivery_outbox_other/theirs']);
  expect(other.sent).toHaveLength(1);
  await here.ask({ id: 'anybodys' });
  expect(here.sent).toHaveLength(2);
});

it('[outbox.mob-before] hands over what an earlier version kept for a mob among what is for all, and leaves it to that mob', async () => {
  const { storage } = await openMemoryStores();
  const { clock, sent, delivery } = await openOutbox({ storage, mobId: 'm', ...KEPT });
  await settle();
  const keptBefore = async (id: string, mobId: string) => {
    const request = { id, recipient: 'ops', payload: 'Paid', mobId };
    const write = outboxWrite(request, clock.now());
    await storage.commit({ puts: [{ ...write, records: deliveryOutboxDefinition }] });
  };
  await keptBefore('mine', 'm');
  await keptBefore('theirs', 'other');
  clock.advance(15_000);
  await settle();
  expect(sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['outbox:mine']);
  expect(await keptIn(storage)).toMatchObject([{ id: 'theirs', status: 'waiting' }]);
  await delivery.stop({ deadlineMs: 0 });
  const other = await openOutbox({ storage, mobId: 'other', clock: new ManualClock(60_000) });
  await settle();
  expect(other.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['outbox:theirs']);
  expect(await keptIn(storage)).toEqual([]);
});

it('[outbox.refused-kept] forgets what was refused when it has been kept for as long as deliveries are', async () => {
  const nowMs = Date.now();
  const resolve: OutboxOptions['resolve'] = async () => {
    throw new MobError('MOB_ROUTE_UNRESOLVED', 'No route');
  };
  const [idempotencyTtlMs, retentionMs] = [60_000, 60_000];
  // For a store that goes by the machine's clock it is over at once, for the delivery it is not.
  const clock = new ManualClock(nowMs - 2 * retentionMs);
  const { storage, ask, told } = await openOutbox({ resolve, idempotencyTtlMs, retentionMs, clock });
  await settle();
  await ask({});
  clock.advance(15_000);
  await settle();
  expect(await keptIn(storage)).toMatchObject([{ status: 'refused' }]);
  clock.advance(retentionMs);
  await settle();
  expect([await keptIn(storage), told.length]).toEqual([[], 1]);
});

it('[outbox.stop] hands over nothing more when it is stopped, and waits for what is under way', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const { storage } = await openMemoryStores();
  const slow = overOutbox(storage, {
    async delete(...given) {
      await settle();
      return storage.records(deliveryOutboxDefinition).delete(...given);
    },
  });
  const { delivery, ask } = await openOutbox({ storage: slow, deliver: () => answered });
  await settle();
  await ask({});
  const stopped = delivery.stop({ deadlineMs: 5_000 });
  await ask({ id: 'b' });
  answer();
  await stopped;
  expect(await delivery.history()).toMatchObject([{ idempotencyKey: 'outbox:a', status: 'sent' }]);
  expect((await keptIn(storage)).map(({ id }) => id)).toEqual(['b']);
});

/** A storage whose outbox does some things otherwise. */
function overOutbox(inner: Storage, changed: Partial<RecordStore>): Storage {
  return overRecords(inner, (_, { name }) => (name === deliveryOutboxDefinition.name ? changed : {}));
}
