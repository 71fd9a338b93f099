import { expect } from 'vitest';

import { ManualClock } from '../manual-clock.js';
import type { Proofs } from '../proofs.js';
import { busy, type DeliveryStage, request } from './stage.js';

const HOUR_MS = 3_600_000;

/** What is kept, and what comes after. */
export const keepingProofs: Proofs<DeliveryStage> = (it) => {
  it('[delivery.history] lists the newest that match, oldest of them first, a page at a time', async (stage) => {
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
    expect(await idsOf({ status: ['failed', 'sent'] })).toEqual(ids);
    await expect(delivery.history({ limit: 0 })).rejects.toThrow(TypeError);
    await expect(delivery.history({ limit: 201 })).rejects.toThrow(TypeError);
    for (let n = 5; n < 21; n++) ids.push((await delivery.send(request({ payload: n }))).deliveryId);
    expect(await idsOf({})).toEqual(ids.slice(1));
    expect(await idsOf({ limit: 200 })).toEqual(ids);
  });

  it('[delivery.redriven] sends a dead letter again, with all its retries, in the same record', async (stage) => {
    let works = false;
    const delivery = await stage.delivery(async (_, { attempt }) => {
      if (!works || attempt === 3) throw busy();
    });
    // A limit that the first has used up.
    const failed = await delivery.send(
      request({ idempotencyKey: 'k', resolution: { rateLimitPerMinute: 1 } }),
    );
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
  });

  it('[delivery.redriven-once] sends a dead letter again once, whichever of several processes is asked, also one that nobody knows the end of', async (stage) => {
    let lost = true;
    const lose = async () => (lost ? { unknown: 'the answer was lost' } : {});
    const both = [await stage.delivery(lose), await stage.delivery(lose)];
    const { deliveryId } = await both[0]!.send(request());
    lost = false;
    const redriven = await Promise.allSettled(both.map((delivery) => delivery.redrive(deliveryId)));
    const refused = redriven.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'MOB_CONFLICT' } }]);
    expect(stage.carried).toHaveLength(2);
    expect(await both[0]!.get(deliveryId)).toMatchObject({
      status: 'sent',
      attempts: [{ status: 'unknown' }, { status: 'sent' }],
    });
  });

  it('[delivery.crash] calls an attempt `unknown` that its process did not live to end, and sends it no second time', async (stage) => {
    const deliveryId = await cutShort(stage);
    const after = await stage.delivery();
    const found = await settled(stage, () => after.get(deliveryId));
    expect(found).toMatchObject({ status: 'unknown', attempts: [{ status: 'unknown', backoffMs: 0 }] });
    expect(await after.send(request({ idempotencyKey: 'k' }))).toEqual(found);
    expect(stage.carried).toHaveLength(1);
  });

  it('[delivery.crash-retried] tries such an attempt again where its sink takes the same message twice as one', async (stage) => {
    const deliveryId = await cutShort(stage);
    const after = await stage.delivery(undefined, { idempotent: true });
    const found = await settled(stage, () => after.get(deliveryId));
    expect(found).toMatchObject({ status: 'sent', attempts: [{ status: 'unknown' }, { status: 'sent' }] });
    expect(stage.carried.map((message) => message.deliveryId)).toEqual([deliveryId, deliveryId]);
  });

  it('[delivery.stop] ends what is under way when it stops, and refuses what comes then', async (stage) => {
    let end = () => {};
    let signal: AbortSignal | undefined;
    const clock = new ManualClock(Date.now());
    const delivery = await stage.delivery(
      (_, context) => {
        ({ signal } = context);
        return new Promise((resolve) => (end = () => resolve()));
      },
      { clock },
    );
    const sending = delivery.send(request());
    await stage.until(() => stage.carried.length === 1);
    let stopped = false;
    const stopping = delivery.stop({ deadlineMs: 10_000 }).then(() => (stopped = true));
    try {
      await expect(delivery.send(request())).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
      await expect(delivery.redrive('none')).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
      // Less than a sink has to answer in.
      clock.advance(9_999);
      await delivery.get('none');
      expect([stopped, signal?.aborted]).toEqual([false, false]);
    } finally {
      end();
    }
    await stopping;
    const { deliveryId } = stage.carried[0]!;
    expect(await delivery.get(deliveryId)).toMatchObject({ status: 'sent' });
    await sending;
    expect(stage.carried).toHaveLength(1);
  });
};

/** Begins a delivery in a process that is gone before its sink has answered; answers with its id. */
async function cutShort(stage: DeliveryStage): Promise<string> {
  // So long ago that nobody waits for that process any more.
  const clock = new ManualClock(Date.now() - HOUR_MS);
  const never = () => new Promise<void>(() => {});
  const before = await stage.delivery(never, { clock, start: false });
  void before.send(request({ idempotencyKey: 'k' }));
  await stage.until(() => stage.carried.length === 1);
  return stage.carried[0]!.deliveryId;
}

/** What is kept of a delivery once its outcome was told. */
async function settled<T>(stage: DeliveryStage, get: () => Promise<T>): Promise<T> {
  await stage.until(() => stage.told.length > 0);
  return get();
}
