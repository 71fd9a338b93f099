import { MobError, type Storage } from '@mobkit/core';
import { ManualClock } from '@mobkit/contract-kit';
import type { DeliverySink } from '@mobkit/core/ops';
import { openDelivery } from '@mobkit/delivery';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { deliveriesIn, request } from './delivery-records.js';

const takes: DeliverySink = { name: 'box', deliver: async () => {} };

function refusesWith(error: unknown): DeliverySink {
  return {
    name: 'box',
    async deliver() {
      throw error;
    },
  };
}

/** A storage whose records fail their puts after the first so many. */
function failingAfter(storage: Storage, puts: number): Storage {
  let left = puts;
  return {
    supports: storage.supports,
    prepare: (definitions) => storage.prepare(definitions),
    log: (definition, partition) => storage.log(definition, partition),
    contents: () => storage.contents(),
    commit: (write) => storage.commit(write),
    records: (definition) => ({
      ...storage.records(definition),
      put: async (key, record, options) => {
        if (left-- > 0) return storage.records(definition).put(key, record, options);
        throw new MobError('MOB_STORE_UNAVAILABLE', 'The disk is full', { retryable: true });
      },
    }),
  };
}

it('[delivery.recorded] records the attempt before the sink is called', async () => {
  const { storage } = await openMemoryStores();
  let seen: unknown;
  const looks: DeliverySink = {
    name: 'box',
    deliver: async () => void (seen = await deliveriesIn(storage)),
  };
  const delivery = await openDelivery({ storage, sinks: () => [looks], clock: new ManualClock(7_000) });
  await delivery.send(request());
  expect(seen).toMatchObject([
    {
      fields: { recipient: 'ops', sink: 'box', status: 'pending' },
      record: {
        status: 'pending',
        attempts: [{ attempt: 1, status: 'started', startedAtMs: 7_000 }],
        payload: 'Checkout is down',
        from: 'lead',
      },
    },
  ]);
});

it('[delivery.crash] finds an attempt that was cut short as `started`', async () => {
  const { storage } = await openMemoryStores();
  const deliveryId = await new Promise<string>((resolve) => {
    const never: DeliverySink = {
      name: 'box',
      deliver: (message) => (resolve(message.deliveryId), new Promise(() => {})),
    };
    void openDelivery({ storage, sinks: () => [never] }).then((before) => before.send(request()));
  });
  // The process is gone here; the next one opens the same storage.
  await openDelivery({ storage, sinks: () => [takes] });
  expect(await deliveriesIn(storage, { status: 'pending' })).toMatchObject([
    { record: { deliveryId, attempts: [{ status: 'started' }] } },
  ]);
});

it('[delivery.recorded] records the end, with its time, and answers with the record', async () => {
  const { storage } = await openMemoryStores();
  const clock = new ManualClock(7_000);
  const slow: DeliverySink = { name: 'box', deliver: async () => clock.advance(250) };
  const delivery = await openDelivery({ storage, sinks: () => [slow], clock });
  const sent = await delivery.send(request({ interactionId: 'i-1' }));
  expect(sent).toEqual({
    ...request({ interactionId: 'i-1' }),
    deliveryId: expect.stringMatching(/^0000000007000-/),
    status: 'sent',
    attempts: [{ attempt: 1, status: 'sent', startedAtMs: 7_000, endedAtMs: 7_250, backoffMs: 0 }],
  });
  expect(await deliveriesIn(storage)).toEqual([
    { key: expect.any(String), fields: { recipient: 'ops', sink: 'box', status: 'sent' }, record: sent },
  ]);
});

it('[delivery.failed] records a refusal and answers with it', async () => {
  const { storage } = await openMemoryStores();
  const delivery = await openDelivery({ storage, sinks: () => [refusesWith(new Error('gone'))] });
  const failed = await delivery.send(request());
  expect(failed).toMatchObject({ status: 'failed', attempts: [{ status: 'failed', error: 'gone' }] });
  expect(await delivery.dead()).toEqual([failed]);
});

it('[delivery.failed] fails, on record, when no sink has the name, and lists those there are', async () => {
  const { storage } = await openMemoryStores();
  const delivery = await openDelivery({ storage, sinks: () => [{ ...takes, name: 'log' }] });
  expect(await delivery.send(request())).toMatchObject({
    status: 'failed',
    attempts: [{ error: 'no sink has that name; there are: "log"' }],
  });
});

it('[delivery.last-sink] calls the last sink of a name, and looks anew at each delivery', async () => {
  const { storage } = await openMemoryStores();
  const sinks = [refusesWith(new Error('the first is not asked')), takes];
  const delivery = await openDelivery({ storage, sinks: () => sinks });
  expect(await delivery.send(request())).toMatchObject({ status: 'sent' });
  sinks.push(refusesWith(new Error('newer')));
  expect(await delivery.send(request())).toMatchObject({ attempts: [{ error: 'newer' }] });
});

it('calls no sink when the beginning cannot be recorded, and passes the error of the storage on', async () => {
  const { storage } = await openMemoryStores();
  const sinks = () => expect.unreachable();
  const delivery = await openDelivery({ storage: failingAfter(storage, 0), sinks });
  await expect(delivery.send(request())).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
});

it('[delivery.handed-over] tells a message that was handed over but not recorded from one to send again', async () => {
  const { storage } = await openMemoryStores();
  const delivery = await openDelivery({ storage: failingAfter(storage, 1), sinks: () => [takes] });
  await expect(delivery.send(request())).rejects.toMatchObject({
    code: 'MOB_DELIVERY_FAILED',
    message: expect.stringContaining('do not send it again (The disk is full)'),
    retryable: false,
    details: { handedOver: true },
  });
  expect(await deliveriesIn(storage)).toMatchObject([{ record: { status: 'pending' } }]);
});
