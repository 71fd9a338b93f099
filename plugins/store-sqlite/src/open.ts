import {
  type EventLogStore,
  eventLogOver,
  metadataOver,
  type PersistentMetadataStore,
  type Storage,
} from '@mobkit/core';

import { parseOptions, type SqliteStoreOptions } from './options.js';
import { openAsOwner } from './owner-connection.js';
import { openForReading } from './read-only-connection.js';
import { SqliteStorage } from './sqlite-storage.js';

/** The stores of one directory, in one file. */
export interface SqliteStores {
  readonly storage: Storage;
  readonly eventLog: EventLogStore;
  readonly metadata: PersistentMetadataStore;
  /** Gives the directory up; the next owner is admitted when it resolves. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens the database of a directory and returns the stores, ready to use. It belongs to this owner until `close`, or
 * until the process ends, however it ends; there is nothing to clean up after a crash.
 *
 * The driver is synchronous: a call is done, and on the disk, when it returns its promise.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a wrong option and for a directory that cannot be used; `MOB_STORE_LOCKED`
 * at once when it has an owner; `MOB_STORE_UNAVAILABLE` (retryable) when the disk is full or fails. Each names the
 * directory in `details.directory`.
 */
export async function openSqliteStores(options: SqliteStoreOptions): Promise<SqliteStores> {
  const parsed = parseOptions(options);
  const connection = parsed.readOnly ? openForReading(parsed) : openAsOwner(parsed);
  try {
    const storage = new SqliteStorage(connection);
    return {
      storage,
      eventLog: await eventLogOver(storage),
      metadata: await metadataOver(storage),
      close: async () => connection.close(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}
