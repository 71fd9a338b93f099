export { openFileSessions } from './open.js';
export type { FileSessions } from './open.js';
export type { FileSessionsOptions } from './options.js';
