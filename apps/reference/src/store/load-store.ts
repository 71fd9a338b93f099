import type { MobError } from '@mobkit/core';
import type { MobPlugin } from '@mobkit/di';

import { type EntryPlace, loadPlugin, type LoadedPlugin } from '../config/load-plugin.js';
import { entryError, type PluginEntry } from '../config/plugin-entry.js';
import type { StoreAddress } from './store-address.js';

const DEFAULT_STORE = 'store-sqlite';

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
  if (!isAddress(named)) {
    const loaded = await loadPlugin(named, place);
    expectOwnName(loaded, place);
    return loaded;
  }
  const { storePostgres } = await import('@mobkit/store-postgres/plugin');
  const { connectionString, schema } = named;
  return {
    plugin: storePostgres({ connectionString, ...(schema !== undefined && { schema }), onError }),
  };
}

/** A package may not take the name of the default store, whose place it would take with it, unseen. */
function expectOwnName({ plugin, origin }: LoadedPlugin, { file, field }: EntryPlace): void {
  const owner = '@mobkit/store-sqlite';
  const from = origin?.package ?? owner;
  if (plugin.name !== DEFAULT_STORE || from === owner) return;
  const what = `the plugin of "${from}" is called "${DEFAULT_STORE}", as the default store of "${owner}" is: it has to have a name of its own`;
  throw entryError(file, field, what);
}

export function isAddress(named: NamedStore): named is StoreAddress {
  return typeof named === 'object' && 'connectionString' in named;
}

/** What to call a store before people; never with a password. */
export function storeName(named: NamedStore | undefined, plugin: MobPlugin | undefined): string {
  if (named && isAddress(named)) return named.shown;
  return plugin?.name ?? DEFAULT_STORE;
}
