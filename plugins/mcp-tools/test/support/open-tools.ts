import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { MobError } from '@mobkit/core';
import type { ToolContext, ToolSource } from '@mobkit/core/mob';
import { type McpServer, type McpToolsOptions, openMcpTools } from '@mobkit/mcp-tools';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('stdio-server.mjs', import.meta.url));

/** The program beside this file. */
export function stdioServer(env: Readonly<Record<string, string>> = {}): McpServer {
  return { command: process.execPath, args: [program], env };
}

/** The tools of servers, closed when the test is finished. */
export async function openTools(
  servers: Readonly<Record<string, McpServer>>,
  options: Partial<McpToolsOptions> = {},
) {
  const errors: MobError[] = [];
  const opened = await openMcpTools({ servers, onError: (error) => errors.push(error), ...options });
  onTestFinished(() => opened.close());
  const [source] = opened.sources;
  if (!source) throw new Error('no source');
  return { ...opened, source, errors, call: callOf(source) };
}

export function toolContext(signal = new AbortController().signal): ToolContext {
  return { mobId: 'm', identity: 'one', sessionId: 's', signal };
}

/** Calls a tool by the name it has on its server. */
function callOf(source: ToolSource) {
  return async (name: string, args: unknown = {}, signal?: AbortSignal): Promise<string> => {
    const tool = source.tools().find((one) => one.name === `${source.name}__${name}`);
    if (!tool) throw new Error(`There is no tool ${name}`);
    return tool.run(args, toolContext(signal));
  };
}

export function isAlive(pid: number): boolean {
  // One that has ended and that nobody asked after is still listed, as a zombie.
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
