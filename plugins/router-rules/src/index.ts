export { createRulesRouter, openRulesRouter } from './open.js';
export type { RulesRouterOptions, StoredRouterOptions } from './options.js';
