import { afterEach, describe } from 'vitest';

import type { DeliveryHarness, OpenedDeliveries } from './delivery/harness.js';
import { deliveryPromises } from './delivery/promises.js';
import { DeliveryStage } from './delivery/stage.js';

/** Registers the tests every `Delivery` passes. Call it at the top level of a vitest file. */
export function describeDelivery(harness: DeliveryHarness): void {
  describe(`Delivery contract: ${harness.name}`, () => {
    let opened: OpenedDeliveries | undefined;
    let stage: DeliveryStage | undefined;

    afterEach(async () => {
      await stage?.stop();
      await opened?.close();
      [stage, opened] = [undefined, undefined];
    });

    deliveryPromises((prove) => async () => {
      opened = await harness.open();
      stage = new DeliveryStage(opened);
      await prove(stage);
    });
  });
}
