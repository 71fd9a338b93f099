import type { Clock } from '@mobkit/core';
import type { Delivery, DeliverySink, Resolution } from '@mobkit/core/ops';

/** How the kit gets deliveries to test. */
export interface DeliveryHarness {
  /** Shown in the test report. */
  readonly name: string;

  /** Opens what keeps nothing yet. Called before every test; closed after it. */
  open(): Promise<OpenedDeliveries> | OpenedDeliveries;
}

/** An open storage for the suite of deliveries, and what sends over it. */
export interface OpenedDeliveries {
  /** A delivery over it, not started; each call another one, as another process would have it. */
  delivery(given: GivenToDelivery): Promise<Delivery>;
  close(): Promise<void>;
}

/** What the suite of deliveries gives to each delivery that it opens. */
export interface GivenToDelivery {
  readonly sinks: () => readonly DeliverySink[];
  readonly trust: (resolution: Resolution) => Promise<void>;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}
