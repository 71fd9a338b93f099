import type { DeliveryMessage } from '@mobkit/core/ops';

import { request } from './delivery-records.js';

/** What a sink is told beside the message. */
export const sinkContext = { signal: new AbortController().signal, attempt: 1 };

export function messageTo(recipient: string, given: Partial<DeliveryMessage> = {}): DeliveryMessage {
  const { resolution, ...rest } = request();
  return { ...rest, resolution: { ...resolution, recipient }, deliveryId: '0000000007000-d1', ...given };
}
