export { createSqlDiscovery } from './create-sql-discovery.js';
export type { SqlDiscovery } from './create-sql-discovery.js';
export type { SqlDiscoveryOptions } from './options.js';
