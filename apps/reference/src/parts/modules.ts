import { type MobPlugin, tokens } from '@mobkit/di';
import {
  createModuleInjector,
  createModuleMemory,
  createModuleRouter,
  createModules,
  createModuleSink,
} from '@mobkit/modules';

import type { ModulesConfig } from '../config/modules-config.js';

/**
 * The helper processes. One that is loaded as `router`, `delivery`, `scheduling` or `memory` is asked before the part of that
 * name in this process: listed after the sinks, so that it carries before them. The runtime starts and ends them.
 */
export function modules({ wanted, supervision, ...config }: ModulesConfig): MobPlugin {
  return {
    name: 'modules',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'modules',
          open: async () => createModules({ ...config, ...supervision, discovery: { modules: wanted } }),
          close: async () => {},
        })
        .fill(tokens.moduleHost, (host) => host)
        .fill(tokens.routeAdvisor, createModuleRouter)
        .fill(tokens.scheduleInjector, createModuleInjector);
      context.contribute(tokens.deliverySinks, () => createModuleSink(container.resolve(tokens.moduleHost)));
      context.contribute(tokens.memoryConflicts, () =>
        createModuleMemory(container.resolve(tokens.moduleHost)),
      );
    },
  };
}
