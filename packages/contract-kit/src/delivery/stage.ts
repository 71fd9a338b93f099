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
  #closed = false;

  constructor(opened: OpenedDeliveries) {
    this.#opened = opened;
  }

  /** A delivery whose sinks `box` and `bag` do this; started, unless it is told otherwise. */
  async delivery(
    deliver: Deliver = async () => {},
    {
      idempotent = false,
      clock,
      start = true,
    }: { idempotent?: boolean; clock?: Clock; start?: boolean } = {},
  ): Promise<Delivery> {
    const sink = (name: string): DeliverySink => ({
      name,
      idempotent,
      deliver: (message, context) => {
        this.carried.push(message);
        return deliver(message, context);
      },
    });
    const sinks = [sink('box'), sink('bag')];
    const delivery = await this.#opened.delivery({
      sinks: () => sinks,
      trust: async (resolution) => {
        if (resolution.routeId !== 'genuine') throw untrusted(resolution);
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

  /** Looks at every turn of the event loop: what it waits for is on its way, and ends with the stage when it does not come. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#closed) throw new Error(`It did not come about: ${String(holds)}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#started.map((delivery) => delivery.stop({ deadlineMs: 0 })));
    await this.#opened.close();
  }
}

/** A request that the sink `box` carries; tried again once, almost at once, and limited to nothing a test would notice. */
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
