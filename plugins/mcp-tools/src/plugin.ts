import { type MobPlugin, tokens } from '@mobkit/di';

import { checkServer } from './mcp-server.js';
import type { McpTools, McpToolsOptions } from './open-mcp-tools.js';

/**
 * Offers the tools of MCP servers to the profiles that allow them. List it before the runtime, which stops first then.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a server that cannot be meant.
 */
export function mcpTools(options: McpToolsOptions): MobPlugin {
  for (const [name, server] of Object.entries(options.servers)) checkServer(name, server);
  return {
    name: 'mcp-tools',
    register(context) {
      const slots = context.provideResource<McpTools>({
        name: 'mcp-tools',
        async open() {
          // Only now: a program that opens nothing does not load the SDK.
          const { openMcpTools } = await import('./open-mcp-tools.js');
          return openMcpTools(options);
        },
        close: (opened) => opened.close(),
      });
      for (const name of Object.keys(options.servers)) {
        slots.contribute(tokens.toolSources, ({ sources }) => {
          const source = sources.find((one) => one.name === name);
          if (!source) throw new TypeError(`There is no MCP server "${name}"`);
          return source;
        });
      }
    },
  };
}
