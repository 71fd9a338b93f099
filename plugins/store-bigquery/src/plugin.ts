import { type MobPlugin, tokens } from '@mobkit/di';

import { openBigQueryArchive, openBigQueryEventLog } from './events/open-events.js';
import type { BigQueryEventLogOptions } from './events/open-events.js';
import type { BigQueryEventOptions } from './events/options.js';
import type { SessionWarehouseOptions } from './sessions/client-for-caller.js';
import { type BigQuerySessionOptions, openBigQuerySessions } from './sessions/open-sessions.js';
import { openBigQuerySessionWarehouse } from './sessions/session-warehouse.js';

/** What of mobkit is kept in BigQuery. */
export type StoreBigQueryOptions =
  /** The past of the log that another store keeps. */
  | ({ readonly events?: 'archive' } & BigQueryEventOptions)
  /** The log itself, without another store for it: one process writes, and what it costs is in the README. */
  | ({ readonly events: 'log' } & BigQueryEventLogOptions);

/** Provides an `EventArchive` in BigQuery, or an `EventLogStore` when told. */
export function storeBigquery(options: StoreBigQueryOptions): MobPlugin {
  return {
    name: 'store-bigquery',
    register(context) {
      if (options.events === 'log') {
        const { events: _, ...log } = options;
        context
          .provideResource({
            name: 'store-bigquery',
            supports: { durable: true, cursor: 'settled' },
            open: () => openBigQueryEventLog(log),
            close: (opened) => opened.close(),
          })
          .fill(tokens.eventLogStore, ({ eventLog }) => eventLog);
        return;
      }
      const { events: _, ...archive } = options;
      context
        .provideResource({
          name: 'store-bigquery',
          supports: { durable: true },
          open: () => openBigQueryArchive(archive),
          close: (opened) => opened.close(),
        })
        .fill(tokens.eventArchive, (opened) => opened.archive);
    },
  };
}

/** Provides `SessionStore` from a table in BigQuery. */
export function storeBigquerySessions(options: BigQuerySessionOptions): MobPlugin {
  return {
    name: 'store-bigquery-sessions',
    register(context) {
      context
        .provideResource({
          name: 'store-bigquery-sessions',
          supports: { durable: true },
          open: () => openBigQuerySessions(options),
          close: (opened) => opened.close(),
        })
        .fill(tokens.sessionStore, ({ sessions }) => sessions);
    },
  };
}

/** Provides `SessionWarehouse`: callers from outside may ask for the sessions of tables that they name. */
export function bigquerySessionWarehouse(options: SessionWarehouseOptions = {}): MobPlugin {
  return {
    name: 'bigquery-session-warehouse',
    register(context) {
      context
        .provideResource({
          name: 'bigquery-session-warehouse',
          open: async () => openBigQuerySessionWarehouse(options),
          close: (warehouse) => warehouse.close(),
        })
        .fill(tokens.sessionWarehouse, (warehouse) => warehouse);
    },
  };
}
