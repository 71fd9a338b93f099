export { createRulesRouter } from './rules-router.js';
export type { RulesRouterOptions } from './options.js';
