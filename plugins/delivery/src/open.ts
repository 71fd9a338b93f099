import { type Clock, type Storage, systemClock } from '@mobkit/core';
import type { Delivery, DeliverySink } from '@mobkit/core/ops';

import { deliveriesDefinition } from './delivery-records.js';
import { RecordedDelivery } from './recorded-delivery.js';

/** What `openDelivery` is given. It closes none of it. */
export interface DeliveryOptions {
  /** Keeps what became of each delivery, in the records `delivery_records`. */
  readonly storage: Storage;
  /** Asked at each delivery, so that sinks may come and go. Of several of one name the last is called. */
  readonly sinks: () => readonly DeliverySink[];
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/**
 * Prepares the records and returns the delivery; there is nothing to close. Each `send` makes one attempt and one record
 * of its own, also for the same message. Delivery ids sort by the time their delivery began, and records stay until
 * somebody removes them.
 *
 * A sink that took a message while the end could not be recorded is `MOB_DELIVERY_FAILED` too, with
 * `details.handedOver` true and never retryable: the record stays `started`, and sending again would deliver twice. When
 * the beginning cannot be recorded, the storage's own error passes through, and no sink was called.
 *
 * @throws MobError what the storage throws when it prepares the records.
 */
export async function openDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { storage, sinks, clock = systemClock } = options;
  await storage.prepare([deliveriesDefinition]);
  return new RecordedDelivery({ records: storage.records(deliveriesDefinition), sinks, clock });
}
