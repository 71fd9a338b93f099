import { expect, it } from 'vitest';

import { ManualClock } from '../manual-clock.js';
import { busy, type DeliveryStage, request } from './stage.js';

/** Makes a test of what is to be proved on a stage of its own. */
export type OnStage = (prove: (stage: DeliveryStage) => Promise<void>) => () => Promise<void>;

const HOUR_MS = 3_600_000;

/** Registers what every delivery does, in the order of the contract. */
export function deliveryPromises(onStage: OnStage): void {
  it(
    '[delivery.recorded] records an attempt before the sink is called, and its end after',
    onStage(async (stage) => {
      let before: unknown;
      const delivery = await stage.delivery(async () => {
        before = await delivery.history();
        return { sinkAdapter: 'smtp-1' };
      });
      const sent = await delivery.send(request({ interactionId: 'i-1' }));
      expect(before).toMatchObject([
        { deliveryId: sent.deliveryId, status: 'pending', attempts: [{ attempt: 1, status: 'started' }] },
      ]);
      expect(sent).toMatchObject({
        ...request({ interactionId: 'i-1' }),
        status: 'sent',
        sinkAdapter: 'smtp-1',
        attempts: [{ attempt: 1, status: 'sent', backoffMs: 0 }],
      });
      expect(await delivery.get(sent.deliveryId)).toEqual(sent);
      expect(await delivery.get('none')).toBeUndefined();
    }),
  );

  it(
    '[delivery.retried] tries again what failed for the moment, and records each attempt as it was',
    onStage(async (stage) => {
      const delivery = await stage.delivery(async (_, { attempt }) => {
        if (attempt < 3) throw busy();
      });
      const sent = await delivery.send(request({ resolution: { retryMax: 3 } }));
      expect(sent).toMatchObject({
        status: 'sent',
        attempts: [
          { attempt: 1, status: 'transient_failure', error: 'busy' },
          { attempt: 2, status: 'transient_failure', error: 'busy' },
          { attempt: 3, status: 'sent', backoffMs: 0 },
        ],
      });
      for (const [at, { backoffMs, endedAtMs = NaN }] of sent.attempts.slice(0, 2).entries()) {
        expect(backoffMs).toBeGreaterThan(0);
        expect(sent.attempts[at + 1]?.startedAtMs).toBeGreaterThanOrEqual(endedAtMs + backoffMs);
      }
      expect(stage.carried.map(({ deliveryId }) => deliveryId)).toEqual(Array(3).fill(sent.deliveryId));
    }),
  );

  it(
    '[delivery.exhausted] gives up when the retries are used up',
    onStage(async (stage) => {
      const delivery = await stage.delivery(async () => {
        throw busy();
      });
      const failed = await delivery.send(request());
      expect(failed).toMatchObject({ status: 'failed', attempts: [{}, { attempt: 2, backoffMs: 0 }] });
      expect(stage.carried).toHaveLength(2);
      expect(await delivery.dead()).toEqual([failed]);
    }),
  );

  it(
    '[delivery.failed] tries nothing again that was refused for good, nor what nobody knows the end of',
    onStage(async (stage) => {
      const delivery = await stage.delivery(async ({ payload }) => {
        if (payload === 'refuse') throw new Error('no such mailbox');
        return { unknown: 'the answer was lost' };
      });
      const failed = await delivery.send(request({ payload: 'refuse' }));
      expect(failed).toMatchObject({
        status: 'failed',
        attempts: [{ status: 'failed', error: 'no such mailbox' }],
      });
      const unknown = await delivery.send(request());
      expect(unknown).toMatchObject({
        status: 'unknown',
        attempts: [{ status: 'unknown', error: 'the answer was lost' }],
      });
      expect(await delivery.dead()).toEqual([failed, unknown]);
    }),
  );

  it(
    '[delivery.event] tells each outcome as an event',
    onStage(async (stage) => {
      const delivery = await stage.delivery(async (_, { attempt }) => {
        if (attempt === 1) throw busy();
      });
      const { deliveryId } = await delivery.send(request());
      expect(stage.told).toMatchObject([
        {
          event: {
            kind: 'module',
            module: 'delivery',
            eventType: 'send',
            payload: {
              delivery_id: deliveryId,
              route_id: 'genuine',
              recipient: 'ops',
              sink: 'box',
              status: 'sent',
              attempts: [{ status: 'transient_failure' }, { status: 'sent' }],
            },
          },
        },
      ]);
    }),
  );

  it(
    '[delivery.idempotent] sends a key once for its recipient, channel and sink, however it was resolved',
    onStage(async (stage) => {
      const delivery = await stage.delivery();
      const keyed = request({ idempotencyKey: 'k' });
      const first = await delivery.send(keyed);
      expect(await delivery.send({ ...keyed, resolution: { ...keyed.resolution, backoffMs: 7 } })).toEqual(
        first,
      );
      await delivery.send(request({ idempotencyKey: 'k', resolution: { recipient: 'dev' } }));
      await delivery.send(request({ idempotencyKey: 'k', resolution: { channel: 'alert' } }));
      await delivery.send(request());
      expect(stage.carried).toHaveLength(4);
    }),
  );

  it(
    '[delivery.mismatch] refuses a key that comes with another payload',
    onStage(async (stage) => {
      const delivery = await stage.delivery();
      await delivery.send(request({ idempotencyKey: 'k', payload: { a: 1, b: [2] } }));
      await delivery.send(request({ idempotencyKey: 'k', payload: { b: [2], a: 1 } }));
      await expect(
        delivery.send(request({ idempotencyKey: 'k', payload: { a: 1, b: [3] } })),
      ).rejects.toMatchObject({
        code: 'MOB_IDEMPOTENCY_MISMATCH',
      });
      expect(await delivery.history()).toHaveLength(1);
    }),
  );

  it(
    '[delivery.once] sends a key once when it is asked for many times at once, by two that share a store',
    onStage(async (stage) => {
      const both = await Promise.all([stage.delivery(), stage.delivery()]);
      const sends = Array.from({ length: 10 }, (_, n) => both[n % 2]!.send(request({ idempotencyKey: 'k' })));
      const records = await Promise.all(sends);
      expect(new Set(records.map(({ deliveryId }) => deliveryId)).size).toBe(1);
      expect(stage.carried).toHaveLength(1);
    }),
  );

  it(
    '[delivery.sent-anew] sends a key anew when its delivery has failed, and keeps both',
    onStage(async (stage) => {
      let works = false;
      const delivery = await stage.delivery(async () => {
        if (!works) throw new Error('no');
      });
      const keyed = request({ idempotencyKey: 'k' });
      const failed = await delivery.send(keyed);
      works = true;
      const sent = await delivery.send(keyed);
      expect([failed.status, sent.status]).toEqual(['failed', 'sent']);
      expect(await delivery.send(keyed)).toEqual(sent);
      expect(await delivery.history()).toEqual([failed, sent]);
      await expect(delivery.redrive(failed.deliveryId)).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
      expect(stage.carried).toHaveLength(2);
    }),
  );

  it(
    '[delivery.rate] refuses what is too much for one recipient of one sink, and says how long to wait',
    onStage(async (stage) => {
      const clock = new ManualClock(Date.now());
      const delivery = await stage.delivery(undefined, { clock, start: false });
      const resolution = { rateLimitPerMinute: 2 };
      await delivery.send(request({ resolution }));
      await delivery.send(request({ resolution: { ...resolution, channel: 'alert' } }));
      await expect(delivery.send(request({ resolution }))).rejects.toMatchObject({
        code: 'MOB_RATE_LIMITED',
        retryable: true,
        details: { sink: 'box', recipient: 'ops', limit: 2, retryAfterMs: 30_000 },
      });
      await delivery.send(request({ resolution: { ...resolution, recipient: 'dev' } }));
      clock.advance(29_999);
      await expect(delivery.send(request({ resolution }))).rejects.toMatchObject({
        details: { retryAfterMs: 1 },
      });
      clock.advance(1);
      await delivery.send(request({ resolution }));
      expect(await delivery.history()).toHaveLength(4);
    }),
  );

  it(
    '[delivery.untrusted] sends nothing by a resolution that is not to be trusted',
    onStage(async (stage) => {
      const delivery = await stage.delivery();
      await expect(delivery.send(request({ resolution: { routeId: 'forged' } }))).rejects.toMatchObject({
        code: 'MOB_ROUTE_UNTRUSTED',
      });
      await expect(delivery.send(request({ resolution: { targetModule: 'billing' } }))).rejects.toMatchObject(
        {
          code: 'MOB_REQUEST_INVALID',
          message: "resolution.target_module must be 'delivery' (got 'billing')",
          details: { field: 'resolution.target_module' },
        },
      );
      await delivery.send(request({ idempotencyKey: 'k' }));
      await expect(
        delivery.send(request({ idempotencyKey: 'k', resolution: { routeId: 'forged' } })),
      ).rejects.toMatchObject({ code: 'MOB_ROUTE_UNTRUSTED' });
      expect(await delivery.history()).toHaveLength(1);
    }),
  );

  it(
    '[delivery.history] lists the newest that match, oldest of them first, a page at a time',
    onStage(async (stage) => {
      const delivery = await stage.delivery();
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        const recipient = n === 2 ? 'dev' : 'ops';
        ids.push((await delivery.send(request({ payload: n, resolution: { recipient } }))).deliveryId);
      }
      const idsOf = async (query: Parameters<typeof delivery.history>[0]) =>
        (await delivery.history(query)).map(({ deliveryId }) => deliveryId);
      expect(ids).toEqual(ids.toSorted());
      expect(await idsOf({})).toEqual(ids);
      expect(await idsOf({ limit: 2 })).toEqual(ids.slice(3));
      expect(await idsOf({ limit: 2, before: ids[3]! })).toEqual(ids.slice(1, 3));
      expect(await idsOf({ recipient: 'dev', sink: 'box' })).toEqual([ids[2]]);
      expect(await idsOf({ sink: 'other' })).toEqual([]);
      expect(await idsOf({ status: ['failed', 'pending'] })).toEqual([]);
      await expect(delivery.history({ limit: 0 })).rejects.toThrow(TypeError);
      await expect(delivery.history({ limit: 201 })).rejects.toThrow(TypeError);
    }),
  );

  it(
    '[delivery.redriven] sends a dead letter again, with all its retries, in the same record',
    onStage(async (stage) => {
      let works = false;
      const delivery = await stage.delivery(async (_, { attempt }) => {
        if (!works || attempt === 3) throw busy();
      });
      const failed = await delivery.send(request({ idempotencyKey: 'k' }));
      works = true;
      const sent = await delivery.redrive(failed.deliveryId);
      expect(sent).toMatchObject({
        deliveryId: failed.deliveryId,
        status: 'sent',
        attempts: [
          ...failed.attempts,
          { attempt: 3, status: 'transient_failure' },
          { attempt: 4, status: 'sent' },
        ],
      });
      expect(await delivery.dead()).toEqual([]);
      await expect(delivery.redrive(failed.deliveryId)).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
      await expect(delivery.redrive('none')).rejects.toMatchObject({ code: 'MOB_DELIVERY_NOT_FOUND' });
    }),
  );

  it(
    '[delivery.crash] calls an attempt `unknown` that its process did not live to end, and sends it no second time',
    onStage(async (stage) => {
      const deliveryId = await cutShort(stage);
      const after = await stage.delivery();
      const found = await settled(stage, () => after.get(deliveryId));
      expect(found).toMatchObject({ status: 'unknown', attempts: [{ status: 'unknown', backoffMs: 0 }] });
      expect(await after.send(request({ idempotencyKey: 'k' }))).toEqual(found);
      expect(stage.carried).toHaveLength(1);
    }),
  );

  it(
    '[delivery.crash-retried] tries such an attempt again where its sink takes the same message twice as one',
    onStage(async (stage) => {
      const deliveryId = await cutShort(stage);
      const after = await stage.delivery(undefined, { idempotent: true });
      const found = await settled(stage, () => after.get(deliveryId));
      expect(found).toMatchObject({ status: 'sent', attempts: [{ status: 'unknown' }, { status: 'sent' }] });
      expect(stage.carried.map((message) => message.deliveryId)).toEqual([deliveryId, deliveryId]);
    }),
  );

  it(
    '[delivery.stop] ends what is under way when it stops, and refuses what comes then',
    onStage(async (stage) => {
      let end = () => {};
      const delivery = await stage.delivery(() => new Promise((resolve) => (end = () => resolve())));
      const sending = delivery.send(request());
      await until(() => stage.carried.length === 1);
      const stopping = delivery.stop({ deadlineMs: 60_000 });
      await expect(delivery.send(request())).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
      await expect(delivery.redrive('none')).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
      end();
      await stopping;
      const { deliveryId } = await sending;
      expect(await delivery.get(deliveryId)).toMatchObject({ status: 'sent' });
    }),
  );
}

/** Begins a delivery in a process that is gone before its sink has answered; answers with its id. */
async function cutShort(stage: DeliveryStage): Promise<string> {
  // So long ago that nobody waits for that process any more.
  const clock = new ManualClock(Date.now() - HOUR_MS);
  const never = () => new Promise<void>(() => {});
  const before = await stage.delivery(never, { clock, start: false });
  void before.send(request({ idempotencyKey: 'k' }));
  await until(() => stage.carried.length === 1);
  return stage.carried[0]!.deliveryId;
}

/** What is kept of a delivery once its outcome was told. */
async function settled<T>(stage: DeliveryStage, get: () => Promise<T>): Promise<T> {
  await until(() => stage.told.length > 0);
  return get();
}

/** Looks at every turn of the event loop: what it waits for is on its way, and a test that waits for ever is cut off. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
