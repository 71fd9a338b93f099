import { expect } from 'vitest';

import { ManualClock } from '../manual-clock.js';
import type { Proofs } from '../proofs.js';
import { type DeliveryStage, request } from './stage.js';

/** What is sent, what is one with what was sent before, and what is refused. */
export const admittingProofs: Proofs<DeliveryStage> = (it) => {
  it('[delivery.idempotent] sends a key once for its recipient, channel and sink, however it was resolved', async (stage) => {
    const delivery = await stage.delivery();
    const keyed = request({ idempotencyKey: 'k' });
    const first = await delivery.send(keyed);
    expect(await delivery.send({ ...keyed, resolution: { ...keyed.resolution, backoffMs: 7 } })).toEqual(
      first,
    );
    await delivery.send(request({ idempotencyKey: 'k', resolution: { recipient: 'dev' } }));
    await delivery.send(request({ idempotencyKey: 'k', resolution: { channel: 'alert' } }));
    await delivery.send(request({ idempotencyKey: 'k', resolution: { sink: 'bag' } }));
    // What has no key is sent as often as it is asked for.
    for (let n = 0; n < 2; n++) await delivery.send(request());
    expect(stage.carried).toHaveLength(6);
  });

  it('[delivery.mismatch] refuses a key that comes with another payload', async (stage) => {
    const delivery = await stage.delivery();
    await delivery.send(request({ idempotencyKey: 'k', payload: { a: 1, b: [2] } }));
    await delivery.send(request({ idempotencyKey: 'k', payload: { b: [2], a: 1 } }));
    await expect(
      delivery.send(request({ idempotencyKey: 'k', payload: { a: 1, b: [3] } })),
    ).rejects.toMatchObject({
      code: 'MOB_IDEMPOTENCY_MISMATCH',
    });
    expect(await delivery.history()).toHaveLength(1);
    expect(stage.carried).toHaveLength(1);
  });

  it('[delivery.once] sends a key once when it is asked for many times at once, by two that share a store', async (stage) => {
    const both = await Promise.all([stage.delivery(), stage.delivery()]);
    const sends = Array.from({ length: 10 }, (_, n) => both[n % 2]!.send(request({ idempotencyKey: 'k' })));
    const records = await Promise.all(sends);
    expect(new Set(records.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect(stage.carried).toHaveLength(1);
  });

  it('[delivery.sent-anew] sends a key anew when its delivery has failed, and keeps both', async (stage) => {
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
  });

  it('[delivery.rate] refuses what is too much for one recipient of one sink, and says how long to wait', async (stage) => {
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
    await delivery.send(request({ resolution: { ...resolution, sink: 'bag' } }));
    clock.advance(29_999);
    await expect(delivery.send(request({ resolution }))).rejects.toMatchObject({
      details: { retryAfterMs: 1 },
    });
    clock.advance(1);
    await delivery.send(request({ resolution }));
    expect(await delivery.history()).toHaveLength(5);
    expect(stage.carried).toHaveLength(5);
  });

  it('[delivery.untrusted] sends nothing by a resolution that is not to be trusted', async (stage) => {
    const delivery = await stage.delivery();
    await expect(delivery.send(request({ resolution: { routeId: 'forged' } }))).rejects.toMatchObject({
      code: 'MOB_ROUTE_UNTRUSTED',
    });
    await expect(delivery.send(request({ resolution: { targetModule: 'billing' } }))).rejects.toMatchObject({
      code: 'MOB_REQUEST_INVALID',
      message: "resolution.target_module must be 'delivery' (got 'billing')",
      details: { field: 'resolution.target_module' },
    });
    await delivery.send(request({ idempotencyKey: 'k' }));
    await expect(
      delivery.send(request({ idempotencyKey: 'k', resolution: { routeId: 'forged' } })),
    ).rejects.toMatchObject({ code: 'MOB_ROUTE_UNTRUSTED' });
    expect(await delivery.history()).toHaveLength(1);
    expect(stage.carried).toHaveLength(1);
  });
};
