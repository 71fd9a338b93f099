export { createFileDiscovery } from './create-file-discovery.js';
export type { FileDiscovery, FileDiscoveryOptions } from './create-file-discovery.js';
