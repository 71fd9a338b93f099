import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

import { serveTools } from './serve-tools.mjs';

/**
 * A program that serves MCP on its standard streams. `ABSENT_WITHOUT` names a file without which it does not start;
 * `NOISE` makes it print what is no message; `HELPER` makes it start a process that outlives it, and `DEAF` makes it
 * ignore that it is to end.
 */
const { ABSENT_WITHOUT, NOISE, HELPER, DEAF, TOKEN } = process.env;

if (ABSENT_WITHOUT && !existsSync(ABSENT_WITHOUT)) {
  process.stderr.write(`not ready, ${TOKEN}\n`);
  process.exit(1);
}
if (NOISE) process.stdout.write('Welcome!\n{"json": "but no message"}\n');
if (HELPER) {
  const helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
  process.env.HELPER_PID = String(helper.pid);
}
if (DEAF) {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1e9);
}
await serveTools().connect(new StdioServerTransport());
