import { type Clock, type MobError, systemClock } from '@mobkit/core';
import type { ToolSource } from '@mobkit/core/mob';

import { checkServer, type McpServer } from './mcp-server.js';
import { ServerLink } from './server-link.js';

/** Which MCP servers lend their tools, and who is told when one is gone. */
export interface McpToolsOptions {
  /** By the name that profiles allow them by. */
  readonly servers: Readonly<Record<string, McpServer>>;
  /** Told `MOB_TOOLS_UNAVAILABLE` once each time a server is gone; it is tried again by itself. Must not throw. */
  readonly onError?: (error: MobError) => void;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

/** The tools of MCP servers. Whoever opened them closes them. */
export interface McpTools {
  /** One for each server, in their order. */
  readonly sources: readonly ToolSource[];
  /** Ends every session and every program that was started, with all that it started. Calls under way fail. */
  close(): Promise<void>;
}

/**
 * Starts or calls MCP servers, all at once, and keeps one session with each. One that cannot be reached offers no tools
 * until it can, and keeps nobody waiting longer than 30 seconds.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a server that cannot be meant, before any is started.
 */
export async function openMcpTools(options: McpToolsOptions): Promise<McpTools> {
  const { servers, onError = () => {}, clock = systemClock } = options;
  for (const [name, server] of Object.entries(servers)) checkServer(name, server);
  const links = Object.entries(servers).map(
    ([name, server]) => new ServerLink({ name, server, clock, onError }),
  );
  await Promise.all(links.map((link) => link.open()));
  return {
    sources: links,
    async close() {
      await Promise.all(links.map((link) => link.close()));
    },
  };
}
