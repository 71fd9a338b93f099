export { createHttpDiscovery } from './create-http-discovery.js';
export type { HttpDiscovery } from './create-http-discovery.js';
export type { HttpDiscoveryOptions } from './options.js';
