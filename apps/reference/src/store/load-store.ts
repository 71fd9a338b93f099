import type { MobError } from '@mobkit/core';
import type { MobPlugin } from '@mobkit/di';

import { type EntryPlace, loadPlugin, type LoadedPlugin } from '../config/load-plugin.js';
import type { PluginEntry } from '../config/plugin-entry.js';
import type { StoreAddress } from './store-address.js';

/** What may be named as the store: an address, a package or a plugin. */
export type NamedStore = StoreAddress | PluginEntry;

/**
 * The plugin of a store that was named. The one of Postgres is loaded only here: a start without it need not wait for its
 * driver.
 */
export async function loadStore(
  named: NamedStore,
  place: EntryPlace,
  onError: (error: MobError) => void,
): Promise<LoadedPlugin> {
  if (!isAddress(named)) return loadPlugin(named, place);
  const { storePostgres } = await import('@mobkit/store-postgres/plugin');
  const { connectionString, schema } = named;
  return {
    plugin: storePostgres({ connectionString, ...(schema !== undefined && { schema }), onError }),
  };
}

export function isAddress(named: NamedStore): named is StoreAddress {
  return typeof named === 'object' && 'connectionString' in named;
}

/** What to call a store before people; never with a password. */
export function storeName(named: NamedStore | undefined, plugin: MobPlugin | undefined): string {
  if (named && isAddress(named)) return named.shown;
  return plugin?.name ?? 'store-sqlite';
}
