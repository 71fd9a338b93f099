// A process with a delivery over Postgres, which sends a message under each key it is told, and answers the ids of its deliveries.

import { type DeliveryRequest, DEFAULT_ROUTE_LIMITS } from '@mobkit/core/ops';
import { openDelivery } from '@mobkit/delivery';
import { openPostgresStores } from '@mobkit/store-postgres';

const [connectionString = '', schema = '', url = ''] = process.argv.slice(2);
const stores = await openPostgresStores({ connectionString, schema });
const box = {
  name: 'box',
  deliver: async ({ deliveryId }: { readonly deliveryId: string }) => {
    await fetch(url, { method: 'POST', body: deliveryId });
  },
};
const delivery = await openDelivery({ storage: stores.storage, scope: 'm', sinks: () => [box] });
const resolution: DeliveryRequest['resolution'] = {
  ...DEFAULT_ROUTE_LIMITS,
  routeId: 'r',
  recipient: 'ops',
  channel: 'alert',
  sink: 'box',
  targetModule: 'delivery',
  rateLimitPerMinute: 1_000,
};

process.on('message', (keys: readonly string[]) => {
  const sends = keys.map((idempotencyKey) => delivery.send({ resolution, payload: 'Up', idempotencyKey }));
  void Promise.all(sends).then((sent) => process.send?.(sent.map(({ deliveryId }) => deliveryId)));
});
process.on('disconnect', () => {
  void delivery.stop({ deadlineMs: 1_000 }).then(() => stores.close());
});
process.send?.('open');
