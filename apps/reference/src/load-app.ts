import { type Assembly, assemble, type MobPlugin, type Token, tokens } from '@mobkit/di';

import { loadAppConfig } from './config/load-app-config.js';
import { expectDefinition, type LoadedMob } from './config/load-mob.js';
import { loadPlugin, type PluginOrigin } from './config/load-plugin.js';
import { entryError } from './config/plugin-entry.js';
import { durabilityCard } from './durability/durability-card.js';
import { expectDurable } from './durability/require-durable.js';
import type { AppParts } from './parts/app-parts.js';
import { plugins } from './plugins.js';
import { loadStore, storeName } from './store/load-store.js';
import type { StoreAddress } from './store/store-address.js';

export interface LoadedApp {
  readonly assembly: Assembly;
  readonly plugins: readonly MobPlugin[];
  /** Where those came from that the config names; the others come with the app. */
  readonly origins: ReadonlyMap<MobPlugin, PluginOrigin>;
  /** What keeps the ledger and all that is kept like it, for people. */
  readonly store: string;
  /** What keeps the events, for people; the same where nobody else does. */
  readonly eventStore: string;
}

interface LoadedFor extends Omit<AppParts, 'config' | 'definition'> {
  /** Wins over the config. */
  readonly store?: StoreAddress | undefined;
}

/**
 * Puts the app together for a mob file and the config beside it. Nothing is open yet.
 *
 * @throws MobError `mobkit/not-durable` when all is required to be durable, and a part says that it is not.
 */
export async function loadApp(mob: LoadedMob, { store: given, ...parts }: LoadedFor): Promise<LoadedApp> {
  const definition = expectDefinition(mob);
  const { store: inConfig, plugins: added, ...config } = await loadAppConfig(mob.file);
  const file = config.file ?? mob.file;
  const chosen = given ?? inConfig;
  const place = (field: string) => ({ file, field, state: parts.state });
  const configured =
    chosen === undefined ? undefined : await loadStore(chosen, place('store'), parts.tell.storeError);
  const loaded = await Promise.all(added.map((one, at) => loadPlugin(one, place(`plugins[${at}]`))));
  const listed = plugins({
    config: {
      ...config,
      ...(configured && { store: configured.plugin }),
      plugins: loaded.map(({ plugin }) => plugin),
    },
    definition,
    ...parts,
  });
  const named = [
    ...(configured ? [{ plugin: configured.plugin, field: 'store' }] : []),
    ...loaded.map(({ plugin }, at) => ({ plugin, field: `plugins[${at}]` })),
  ];
  for (const { plugin, field } of named) {
    if (!listed.some((other) => other !== plugin && other.name === plugin.name)) continue;
    throw entryError(file, field, `another plugin of the app is called "${plugin.name}" as well`);
  }
  const assembly = assemble(listed);
  if (parts.requireDurable) expectDurable(durabilityCard(assembly.claims(), 'unknown'));
  const origins = [...(configured ? [configured] : []), ...loaded].flatMap(({ plugin, origin }) =>
    origin ? [[plugin, origin] as const] : [],
  );
  // The one that was named, where it fills that slot.
  const nameOf = (slot: Token<unknown>) => {
    const holder = assembly.claims().findLast(({ token }) => token === slot)?.holder;
    return configured && holder !== configured.plugin.name
      ? (holder ?? 'nobody')
      : storeName(chosen, configured?.plugin);
  };
  return {
    assembly,
    plugins: listed,
    origins: new Map(origins),
    store: nameOf(tokens.storage),
    eventStore: nameOf(tokens.eventLogStore),
  };
}
