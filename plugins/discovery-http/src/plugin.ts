import { type MobPlugin, tokens } from '@mobkit/di';

import { createHttpDiscovery } from './create-http-discovery.js';
import type { HttpDiscoveryOptions } from './options.js';

/**
 * Provides `Discovery` and `EdgeDiscovery` from an address. List it before the runtime, which stops first then.
 *
 * @throws on start, MobError `MOB_CONFIG_INVALID` for options that cannot be meant.
 */
export function discoveryHttp(options: HttpDiscoveryOptions): MobPlugin {
  return {
    name: 'discovery-http',
    register(context) {
      context
        .provideResource({
          name: 'discovery-http',
          open: async () => createHttpDiscovery(options),
          close: (opened) => opened.close(),
        })
        .fill(tokens.discovery, ({ discovery }) => discovery)
        .fill(tokens.edgeDiscovery, ({ edgeDiscovery }) => edgeDiscovery);
    },
  };
}
