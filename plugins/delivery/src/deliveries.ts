import type { NewRecord, RecordsDefinition } from '@mobkit/core';
import type { DeliveryRecord } from '@mobkit/core/ops';

/** Where a `Storage` keeps what became of deliveries, by delivery id. */
export const deliveriesDefinition = {
  kind: 'records',
  name: 'deliveries',
  fields: { recipient: 'text', sink: 'text', status: 'text' },
} as const satisfies RecordsDefinition;

export function toRecord(delivery: DeliveryRecord): NewRecord {
  const { resolution, status } = delivery;
  return {
    fields: { recipient: resolution.recipient, sink: resolution.sink, status },
    data: JSON.stringify(delivery),
  };
}
