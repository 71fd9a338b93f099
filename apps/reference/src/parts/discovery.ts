import { discoveryFile } from '@mobkit/discovery-file/plugin';
import { discoveryHttp } from '@mobkit/discovery-http/plugin';
import { discoverySql } from '@mobkit/discovery-sql/plugin';
import type { MobPlugin } from '@mobkit/di';

import type { DiscoveryConfig } from '../config/discovery-config.js';

/** Who is asked who should exist, as the config says. */
export function discovery(config: DiscoveryConfig): MobPlugin {
  if (config.of === 'file') return discoveryFile(config.options);
  if (config.of === 'url') return discoveryHttp(config.options);
  return discoverySql(config.options);
}

/** Makes one, and closes it again: that connects to nothing. @throws MobError `MOB_CONFIG_INVALID` for what cannot be meant. */
export async function checkDiscovery(config: DiscoveryConfig): Promise<void> {
  if (config.of === 'file') {
    const { createFileDiscovery } = await import('@mobkit/discovery-file');
    return createFileDiscovery(config.options).close();
  }
  if (config.of === 'url') {
    const { createHttpDiscovery } = await import('@mobkit/discovery-http');
    return createHttpDiscovery(config.options).close();
  }
  const { createSqlDiscovery } = await import('@mobkit/discovery-sql');
  return createSqlDiscovery(config.options).close();
}
