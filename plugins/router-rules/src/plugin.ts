import { type MobPlugin, tokens } from '@mobkit/di';

import type { RulesRouterOptions } from './options.js';
import { createRulesRouter } from './rules-router.js';

/** Provides `Router` from fixed rules. They are checked on start, so that a wrong one is not found by a message. */
export function routerRules(options: RulesRouterOptions): MobPlugin {
  return {
    name: 'router-rules',
    register(context) {
      context
        .provideResource({
          name: 'router-rules',
          open: async () => createRulesRouter(options),
          close: async () => {},
        })
        .fill(tokens.router, (router) => router);
    },
  };
}
