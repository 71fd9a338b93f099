import { once } from 'node:events';

import { errorText, isMobError } from '@mobkit/core';
import { resolutionToJson, type Router } from '@mobkit/core/ops';
import { createRulesRouter } from '@mobkit/router-rules';
import { parseResolveRequest } from '@mobkit/rpc';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

import type { Command } from '../cli/command.js';
import { loadAppConfig } from '../config/load-app-config.js';
import { findMobFile } from '../config/load-mob.js';
import { version } from '../version.js';

const TOOL = 'routing.resolve';

const text = { type: ['string', 'null'] };
const whole = { type: ['integer', 'null'], minimum: 0 };

/**
 * Serves the fixed routes of the config beside a mob file as an MCP server over standard input and output, for a runtime
 * that runs its router as a module: with the tool `routing.resolve`, which answers where a message goes, or `{}` when no
 * route takes it and its form says nothing. Until its input ends. Nothing else is written to standard output.
 */
export async function serveModule({ mobFile }: Extract<Command, { name: 'module' }>): Promise<number> {
  const { routes } = await loadAppConfig(findMobFile(mobFile));
  const router = createRulesRouter({ routes });
  const server = new Server({ name: 'mobkit-router', version: version() }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: [
      {
        name: TOOL,
        description: 'Says where a message goes.',
        inputSchema: {
          type: 'object' as const,
          required: ['recipient'],
          properties: {
            recipient: { type: 'string' },
            channel: text,
            retry_max: whole,
            backoff_ms: whole,
            rate_limit_per_minute: whole,
          },
        },
      },
    ],
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: args } }) => {
    try {
      if (name !== TOOL) throw new TypeError(`There is no tool "${name}": there is ${TOOL}`);
      return { content: [{ type: 'text' as const, text: JSON.stringify(await adviceOf(router, args)) }] };
    } catch (error) {
      return { content: [{ type: 'text' as const, text: errorText(error) }], isError: true };
    }
  });
  const ended = once(process.stdin, 'end');
  await server.connect(new StdioServerTransport());
  // Not closed: what was asked before the end is still answered, and then nothing keeps the process.
  await ended;
  return 0;
}

/** Without its route id: nobody else would believe it. */
async function adviceOf(router: Router, args: unknown) {
  try {
    const { route_id: _, ...advice } = resolutionToJson(await router.resolve(parseResolveRequest(args)));
    return advice;
  } catch (error) {
    if (isMobError(error, 'MOB_ROUTE_UNRESOLVED')) return {};
    throw error;
  }
}
