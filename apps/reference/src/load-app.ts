import { type Assembly, assemble } from '@mobkit/di';
import type { MobPlugin } from '@mobkit/di';

import { loadAppConfig } from './config/load-app-config.js';
import { expectDefinition, type LoadedMob } from './config/load-mob.js';
import { loadPlugin } from './config/load-plugin.js';
import type { AppParts } from './parts/app-parts.js';
import { plugins } from './plugins.js';
import { loadStore, storeName } from './store/load-store.js';
import type { StoreAddress } from './store/store-address.js';

export interface LoadedApp {
  readonly assembly: Assembly;
  readonly plugins: readonly MobPlugin[];
  /** What keeps everything, for people. */
  readonly store: string;
}

interface LoadedFor extends Omit<AppParts, 'config' | 'definition'> {
  /** Wins over the config. */
  readonly store?: StoreAddress | undefined;
}

/** Puts the app together for a mob file and the config beside it. Nothing is open yet. */
export async function loadApp(mob: LoadedMob, { store: given, ...parts }: LoadedFor): Promise<LoadedApp> {
  const definition = expectDefinition(mob);
  const { store: inConfig, plugins: added, ...config } = await loadAppConfig(mob.file);
  const file = config.file ?? mob.file;
  const chosen = given ?? inConfig;
  const configured = chosen === undefined ? undefined : await loadStore(chosen, file, parts.tell.storeError);
  const listed = plugins({
    config: {
      ...config,
      ...(configured && { store: configured }),
      plugins: await Promise.all(added.map((one) => loadPlugin(one, file))),
    },
    definition,
    ...parts,
  });
  return { assembly: assemble(listed), plugins: listed, store: storeName(chosen, configured) };
}
