import type { ModuleHost } from '@mobkit/core/ops';
import { type MobPlugin, tokens } from '@mobkit/di';
import {
  type AskedModules,
  createModuleInjector,
  createModuleMemory,
  createModuleRouter,
  createModules,
  createModuleSink,
} from '@mobkit/modules';

import type { ModulesConfig } from '../config/modules-config.js';

/** Makes the host; nothing is started. @throws MobError `MOB_CONFIG_INVALID` for a module that cannot be meant. */
export function moduleHost({ wanted, supervision, ...config }: ModulesConfig): ModuleHost {
  return createModules({ ...config, ...supervision, discovery: { modules: wanted } });
}

/** Whether a module is to carry for every sink. */
export function carriesAll(config: ModulesConfig | undefined): boolean {
  return config?.wanted.includes('delivery') ?? false;
}

/**
 * The helper processes. One that is loaded as `router`, `delivery`, `scheduling` or `memory` is asked before the part of that
 * name in this process: listed after the sinks, so that it carries before them. The runtime starts and ends them.
 */
export function modules(config: ModulesConfig): MobPlugin {
  return {
    name: 'modules',
    register(context) {
      const { container } = context;
      const host = () => container.resolve(tokens.moduleHost);
      // Looked for at each question: whoever collects these may open before the host does.
      const asked: AskedModules = { loaded: () => host().loaded(), call: (call) => host().call(call) };
      context
        .provideResource({
          name: 'modules',
          open: async () => moduleHost(config),
          close: async () => {},
        })
        .fill(tokens.moduleHost, (opened) => opened);
      context.provide(tokens.routeAdvisor, () => createModuleRouter(asked));
      context.provide(tokens.scheduleInjector, () => createModuleInjector(asked));
      context.contribute(tokens.deliverySinks, () => createModuleSink(asked));
      context.contribute(tokens.memoryConflicts, () => createModuleMemory(asked));
    },
  };
}
