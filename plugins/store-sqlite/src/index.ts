export { openSqliteStores } from './open.js';
export type { SqliteStores } from './open.js';
export type { SqliteStoreOptions } from './options.js';
export { ownDirectory } from './own-directory.js';
