import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQuerySessionWarehouse, SessionWarehouseOptions } from '@mobkit/store-bigquery';

import { OpenedWhenAsked } from './opened-when-asked.js';

/** What callers ask for sessions in BigQuery. Its client is loaded when somebody asks first: hardly anybody does. */
export function sessionWarehouse(options: SessionWarehouseOptions): MobPlugin {
  return {
    name: 'session-warehouse',
    register({ provideResource }) {
      provideResource({
        name: 'session-warehouse',
        open: async () => openWhenAsked(options),
        close: (warehouse) => warehouse.close(),
      }).fill(tokens.sessionWarehouse, (warehouse) => warehouse);
    },
  };
}

function openWhenAsked(options: SessionWarehouseOptions): BigQuerySessionWarehouse {
  const opened = new OpenedWhenAsked('The sessions are', async () => {
    const { openBigQuerySessionWarehouse } = await import('@mobkit/store-bigquery');
    return openBigQuerySessionWarehouse(options);
  });
  return {
    withSessions: async (table, use) => (await opened.get()).withSessions(table, use),
    close: async () => (await opened.end())?.close(),
  };
}
