import type { RecordsDefinition, Storage } from '@mobkit/core';
import type { DeliveryRecord, DeliveryRequest } from '@mobkit/core/ops';

const definition: RecordsDefinition = {
  kind: 'records',
  name: 'delivery_records',
  fields: { recipient: 'text', sink: 'text', status: 'text' },
};

/** What a storage keeps of deliveries: the fields people ask for, and the record. */
export async function deliveriesIn(storage: Storage, where = {}) {
  const { records } = await storage.records(definition).list({ where });
  return records.map(({ key, fields, data }) => ({
    key,
    fields,
    record: JSON.parse(data) as DeliveryRecord,
  }));
}

export function request(given: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return {
    resolution: { routeKey: 'ops', recipient: 'ops', channel: 'notification', sink: 'box' },
    payload: 'Checkout is down',
    from: 'lead',
    ...given,
  };
}
