import { type MobPlugin, tokens } from '@mobkit/di';

import { openSqliteStores } from './open.js';
import type { SqliteStoreOptions } from './options.js';

/** Provides `Storage`, `EventLogStore` and `PersistentMetadataStore` from one SQLite file. */
export function storeSqlite(options: SqliteStoreOptions): MobPlugin {
  return {
    name: 'store-sqlite',
    register(context) {
      context
        .provideResource({
          name: 'store-sqlite',
          supports: { durable: true, processes: 'one', cursor: 'strict' },
          open: () => openSqliteStores(options),
          close: (stores) => stores.close(),
        })
        .fill(tokens.storage, (stores) => stores.storage)
        .fill(tokens.eventLogStore, (stores) => stores.eventLog)
        .fill(tokens.metadataStore, (stores) => stores.metadata);
    },
  };
}
