import { type Clock, type ErrorEvent, MobError } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';
import {
  type Delivery,
  type DeliveryMessage,
  type DeliveryRequest,
  type DeliverySink,
  type ModuleEventEnvelope,
  type Resolution,
  type SinkContext,
  type SinkReceipt,
} from '@mobkit/core/ops';

import type { OpenedDeliveries } from './harness.js';

/** What a sink does with a message. */
export type Deliver = (message: DeliveryMessage, context: SinkContext) => Promise<SinkReceipt | void>;

/** A delivery under test with what stands around it. */
export class DeliveryStage {
  readonly #opened: OpenedDeliveries;
  readonly #started: Delivery[] = [];
  /** What the sinks were given, in order, refusals included. */
  readonly carried: DeliveryMessage[] = [];
  readonly told: ModuleEventEnvelope[] = [];
  readonly errors: ErrorEvent[] = [];
  readonly trusted: Resolution[] = [];

  constructor(opened: OpenedDeliveries) {
    this.#opened = opened;
  }

  /** A delivery whose sink `box` does this; started, unless it is told otherwise. */
  async delivery(
    deliver: Deliver = async () => {},
    {
      idempotent = false,
      clock,
      start = true,
    }: { idempotent?: boolean; clock?: Clock; start?: boolean } = {},
  ): Promise<Delivery> {
    const box: DeliverySink = {
      name: 'box',
      idempotent,
      deliver: (message, context) => {
        this.carried.push(message);
        return deliver(message, context);
      },
    };
    const delivery = await this.#opened.delivery({
      sinks: () => [box],
      trust: async (resolution) => {
        if (resolution.routeId !== 'genuine') throw untrusted(resolution);
        this.trusted.push(resolution);
      },
      ...(clock && { clock }),
    });
    if (start) await this.start(delivery);
    return delivery;
  }

  async start(delivery: Delivery): Promise<void> {
    this.#started.push(delivery);
    await delivery.start({
      // Of its mob a delivery asks no more than its name.
      mob: { mobId: 'kit' } as MobHandle,
      tell: (event) => void this.told.push(event),
      onError: (event) => void this.errors.push(event),
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((delivery) => delivery.stop({ deadlineMs: 0 })));
  }
}

/** A request that the sink `box` carries; retried at once, and limited to nothing a test would notice. */
export function request(
  given: Partial<Omit<DeliveryRequest, 'resolution'>> & { readonly resolution?: Partial<Resolution> } = {},
): DeliveryRequest {
  const resolution: Resolution = {
    routeId: 'genuine',
    recipient: 'ops',
    channel: 'notification',
    sink: 'box',
    targetModule: 'delivery',
    retryMax: 1,
    backoffMs: 1,
    rateLimitPerMinute: 1_000,
    ...given.resolution,
  };
  return { payload: { text: 'Down' }, from: 'kit', ...given, resolution };
}

export function busy(): MobError {
  return new MobError('kit/busy', 'busy', { retryable: true });
}

function untrusted({ routeId }: Resolution): MobError {
  const details = { routeId, reason: 'unknown' };
  return new MobError('MOB_ROUTE_UNTRUSTED', `"${routeId}" was not issued here`, { details });
}
