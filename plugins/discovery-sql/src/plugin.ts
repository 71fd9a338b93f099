import { type MobPlugin, tokens } from '@mobkit/di';

import type { SqlDiscovery } from './create-sql-discovery.js';
import type { SqlDiscoveryOptions } from './options.js';

/**
 * Provides `Discovery`, and with the option `edges` `EdgeDiscovery`, from a Postgres database. List it before the runtime, which
 * stops first then.
 *
 * @throws on start, MobError `MOB_CONFIG_INVALID` for options that cannot be meant.
 */
export function discoverySql(options: SqlDiscoveryOptions): MobPlugin {
  return {
    name: 'discovery-sql',
    register(context) {
      const slots = context.provideResource<SqlDiscovery>({
        name: 'discovery-sql',
        async open() {
          // Only now: a program that opens nothing does not load the driver.
          const { createSqlDiscovery } = await import('./create-sql-discovery.js');
          return createSqlDiscovery(options);
        },
        close: (opened) => opened.close(),
      });
      slots.fill(tokens.discovery, ({ discovery }) => discovery);
      if (options.edges !== undefined)
        slots.fill(tokens.edgeDiscovery, ({ edgeDiscovery }) => edgeDiscovery!);
    },
  };
}
