import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { type EventLogStore, MobError, type Storage } from '@mobkit/core';

import type { KeptState } from '../cli/command.js';
import { loadAppConfig } from '../config/load-app-config.js';
import { findMobFile } from '../config/load-mob.js';
import { isPlugin } from '../config/plugin-entry.js';
import { isAddress, type NamedStore } from '../store/load-store.js';
import type { StoreAddress } from '../store/store-address.js';

/** What is kept, open. */
export interface KeptStores {
  readonly storage: Storage;
  readonly eventLog: EventLogStore;
  close(): Promise<void>;
}

/**
 * Opens what is kept, to read, for as long as `read` runs. Needs no server and disturbs none.
 *
 * @throws MobError `mobkit/unreachable` when nothing is kept there, or only a running server can read it;
 * `MOB_CONFIG_INVALID` when the database has no such schema, or one of an older version.
 */
export async function readKeptState<T>(
  { state, store }: KeptState,
  read: (stores: KeptStores) => Promise<T>,
): Promise<T> {
  const named = await findStore(store);
  const stores = named ? await openPostgres(named, { readOnly: true }) : await openDirectory(resolve(state));
  try {
    if (named && !(await holdsSomething(stores.storage))) throw nothing(named.shown);
    return await read(stores);
  } finally {
    await stores.close();
  }
}

/**
 * The Postgres that keeps everything: the one that was named, else the one of the config that `up` would take from here.
 * Undefined for SQLite in the state directory.
 *
 * @throws MobError `mobkit/unreachable` when the config names another store, which only a server opens.
 */
export async function findStore(given: StoreAddress | undefined): Promise<StoreAddress | undefined> {
  const store: NamedStore | undefined = given ?? (await loadAppConfig(findMobFile())).store;
  if (store === undefined || isAddress(store)) return store;
  const name = isPlugin(store) ? store.name : store.plugin;
  throw new MobError(
    'mobkit/unreachable',
    `No server runs, and what the store "${name}" keeps is read through one only: start it with \`npm start\``,
  );
}

/** Loaded only here, with its driver. */
export async function openPostgres(
  { connectionString, schema }: StoreAddress,
  { readOnly = false } = {},
): Promise<KeptStores> {
  const { openPostgresStores } = await import('@mobkit/store-postgres');
  return openPostgresStores({ connectionString, readOnly, ...(schema !== undefined && { schema }) });
}

async function openDirectory(directory: string): Promise<KeptStores> {
  if (!existsSync(directory)) throw nothing(directory);
  const { openSqliteStores } = await import('@mobkit/store-sqlite');
  return openSqliteStores({ directory, readOnly: true });
}

async function holdsSomething(storage: Storage): Promise<boolean> {
  return (await storage.contents()).logs.some(({ partitions }) => partitions.length > 0);
}

function nothing(where: string): MobError {
  return new MobError(
    'mobkit/unreachable',
    `Nothing is kept in ${where} and no server runs on it. Start one with \`npm start\`, or name its directory with ` +
      '--state, or its database with --store',
  );
}
