import type { RecordsDefinition, Storage } from '@mobkit/core';
import {
  DEFAULT_ROUTE_LIMITS,
  type DeliveryRecord,
  type DeliveryRequest,
  type Resolution,
} from '@mobkit/core/ops';

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

export function resolution(given: Pick<Resolution, 'recipient' | 'sink'> & Partial<Resolution>): Resolution {
  return {
    routeId: `route-to-${given.recipient}`,
    channel: 'notification',
    targetModule: 'delivery',
    ...DEFAULT_ROUTE_LIMITS,
    ...given,
  };
}

export function request(given: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return {
    resolution: resolution({ recipient: 'ops', sink: 'box' }),
    payload: 'Checkout is down',
    from: 'lead',
    ...given,
  };
}
