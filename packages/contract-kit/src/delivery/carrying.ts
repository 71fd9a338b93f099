import { expect } from 'vitest';

import type { Proofs } from '../proofs.js';
import { busy, type DeliveryStage, request } from './stage.js';

/** Attempts, and what becomes of them. */
export const carryingProofs: Proofs<DeliveryStage> = (it) => {
  it('[delivery.recorded] records an attempt before the sink is called, and its end after', async (stage) => {
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
  });

  it('[delivery.retried] tries again what failed for the moment, and records each attempt as it was', async (stage) => {
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
  });

  it('[delivery.exhausted] gives up when the retries are used up', async (stage) => {
    const delivery = await stage.delivery(async () => {
      throw busy();
    });
    const failed = await delivery.send(request());
    expect(failed).toMatchObject({ status: 'failed', attempts: [{}, { attempt: 2, backoffMs: 0 }] });
    expect(stage.carried).toHaveLength(2);
    expect(await delivery.dead()).toEqual([failed]);
  });

  it('[delivery.failed] tries nothing again that was refused for good, nor what nobody knows the end of', async (stage) => {
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
    expect(stage.carried).toHaveLength(2);
    expect(await delivery.dead()).toEqual([failed, unknown]);
    expect(await delivery.dead({ limit: 1 })).toEqual([unknown]);
    expect(await delivery.dead({ recipient: 'dev' })).toEqual([]);
  });

  it('[delivery.event] tells each outcome as an event', async (stage) => {
    const delivery = await stage.delivery(async ({ payload }, { attempt }) => {
      if (payload === 'refuse') throw new Error('no such mailbox');
      if (payload === 'lose') return { unknown: 'the answer was lost' };
      if (attempt === 1) throw busy();
      return {};
    });
    const keyed = request({ idempotencyKey: 'k' });
    const { deliveryId } = await delivery.send(keyed);
    await delivery.send(keyed);
    await delivery.send(request({ payload: 'refuse' }));
    await delivery.send(request({ payload: 'lose' }));
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
      { event: { payload: { status: 'failed' } } },
      { event: { payload: { status: 'unknown' } } },
    ]);
    expect(new Set(stage.told.map(({ eventId }) => eventId)).size).toBe(3);
  });
};
