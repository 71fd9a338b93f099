import { type RecordsDefinition, scopedName } from '@mobkit/core';

/** Where a `Storage` keeps what a delivery knows. */
export interface DeliveryTables {
  /** What became of deliveries, the newest first; what waits is due when somebody has to see to it. */
  readonly deliveries: RecordsDefinition;
  /** Which delivery an idempotency key stands for, until its time is over; kept as long as that delivery. */
  readonly keys: RecordsDefinition;
  /** How much may still be sent to a recipient through a sink; one that is full is not kept. */
  readonly limits: RecordsDefinition;
}

/** The tables of a scope, as whoever asks a storage for what is due gets it whosever it is. */
export function deliveryTables(scope?: string): DeliveryTables {
  const records = <Fields extends RecordsDefinition['fields']>(base: string, fields: Fields) =>
    ({ kind: 'records', name: scopedName(base, scope), fields }) as const;
  return {
    deliveries: records('delivery_records', { recipient: 'text', sink: 'text', status: 'text' }),
    keys: records('delivery_keys', {}),
    limits: records('delivery_limits', {}),
  };
}
