import type { RecordStore } from '@mobkit/core';
import type { DeliveryQuery, DeliveryRecord } from '@mobkit/core/ops';

import { keptIn, keyOf, shown } from './delivery-records.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 200;

/** What `Delivery.history` promises, over the records. */
export async function readDeliveries(
  records: RecordStore,
  query: DeliveryQuery = {},
): Promise<readonly DeliveryRecord[]> {
  const { recipient, sink, status, before, limit = DEFAULT_LIMIT } = query;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new TypeError(`limit is not a whole number from 1 to ${MAX_LIMIT}: ${limit}`);
  }
  const page = await records.list({
    where: { recipient, sink, status },
    limit,
    ...(before !== undefined && { afterKey: keyOf(before) }),
  });
  return page.records.map((record) => shown(keptIn(record))).toReversed();
}
