import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { MobError } from '@mobkit/core';
import type { MobPlugin } from '@mobkit/di';

/**
 * Loads a plugin a config names: the export `plugin` of the package's `./plugin` door, found from where the config file
 * lies. Nothing that no config names is ever loaded.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when it cannot be loaded or has no such export.
 */
export async function loadPlugin(given: string | MobPlugin, configFile: string): Promise<MobPlugin> {
  if (typeof given !== 'string') return given;
  try {
    const path = createRequire(configFile).resolve(`${given}/plugin`);
    const loaded = (await import(pathToFileURL(path).href)) as { plugin?: unknown };
    if (typeof loaded.plugin === 'function') return (loaded.plugin as () => MobPlugin)();
  } catch (cause) {
    throw new MobError('MOB_CONFIG_INVALID', `${configFile}: the plugin "${given}" cannot be loaded`, {
      cause,
    });
  }
  throw new MobError(
    'MOB_CONFIG_INVALID',
    `${configFile}: "${given}/plugin" has no function named \`plugin\` that makes one`,
  );
}
