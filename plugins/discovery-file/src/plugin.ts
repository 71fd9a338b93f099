import { type MobPlugin, tokens } from '@mobkit/di';

import { createFileDiscovery, type FileDiscoveryOptions } from './create-file-discovery.js';

/**
 * Provides `Discovery` and `EdgeDiscovery` from a file. List it before the runtime, which stops first then.
 *
 * @throws on start, MobError `MOB_CONFIG_INVALID` for a file that is neither TOML nor JSON.
 */
export function discoveryFile(options: FileDiscoveryOptions): MobPlugin {
  return {
    name: 'discovery-file',
    register(context) {
      context
        .provideResource({
          name: 'discovery-file',
          open: async () => createFileDiscovery(options),
          close: (opened) => opened.close(),
        })
        .fill(tokens.discovery, ({ discovery }) => discovery)
        .fill(tokens.edgeDiscovery, ({ edgeDiscovery }) => edgeDiscovery);
    },
  };
}
