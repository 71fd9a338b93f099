import { type MobPlugin, tokens } from '@mobkit/di';

import { openBigQueryArchive, openBigQueryEventLog } from './events/open-events.js';
import type { BigQueryEventLogOptions } from './events/open-events.js';
import type { BigQueryEventOptions } from './events/options.js';

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
          open: () => openBigQueryArchive(archive),
          close: (opened) => opened.close(),
        })
        .fill(tokens.eventArchive, (opened) => opened.archive);
    },
  };
}
