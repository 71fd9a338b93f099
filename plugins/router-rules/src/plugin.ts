import { type MobPlugin, tokens } from '@mobkit/di';

import { openRulesRouter } from './open.js';
import type { StoredRouterOptions } from './options.js';

/** What the router of an assembled app is made with; its storage is the app's. */
export type RouterRulesOptions = Omit<StoredRouterOptions, 'storage' | 'advisor'>;

/**
 * Provides `Router` from fixed rules and a table of more over `Storage`, which must be listed before; asks a `RouteAdvisor`
 * where one is provided. The rules are checked on start, so that a wrong one is not found by a message.
 */
export function routerRules(options: RouterRulesOptions): MobPlugin {
  return {
    name: 'router-rules',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'router-rules',
          keepsIn: tokens.storage,
          open: () =>
            openRulesRouter({
              ...options,
              storage: container.resolve(tokens.storage),
              advisor: () =>
                container.isRegistered(tokens.routeAdvisor)
                  ? container.resolve(tokens.routeAdvisor)
                  : undefined,
            }),
          close: async () => {},
        })
        .fill(tokens.router, (router) => router);
    },
  };
}
