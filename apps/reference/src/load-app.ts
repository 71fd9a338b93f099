import { type Assembly, assemble } from '@mobkit/di';
import type { MobPlugin } from '@mobkit/di';

import { loadAppConfig } from './config/load-app-config.js';
import { expectDefinition, type LoadedMob } from './config/load-mob.js';
import { loadPlugin } from './config/load-plugin.js';
import type { AppParts } from './parts/app-parts.js';
import { plugins } from './plugins.js';

export interface LoadedApp {
  readonly assembly: Assembly;
  readonly plugins: readonly MobPlugin[];
  /** The name of the plugin that keeps everything. */
  readonly store: string;
}

/** Puts the app together for a mob file and the config beside it. Nothing is open yet. */
export async function loadApp(
  mob: LoadedMob,
  parts: Omit<AppParts, 'config' | 'definition'>,
): Promise<LoadedApp> {
  const definition = expectDefinition(mob);
  const { store, plugins: added, ...config } = await loadAppConfig(mob.file);
  const load = (given: string | MobPlugin) => loadPlugin(given, config.file ?? mob.file);
  const configured = store === undefined ? undefined : await load(store);
  const listed = plugins({
    config: {
      ...config,
      ...(configured && { store: configured }),
      plugins: await Promise.all(added.map(load)),
    },
    definition,
    ...parts,
  });
  return { assembly: assemble(listed), plugins: listed, store: configured?.name ?? 'store-sqlite' };
}
