// An MCP server that is kept up and called, without a mob.
import { fileURLToPath } from 'node:url';

import { superviseMcp } from '@mobkit/modules';

const program = fileURLToPath(
  new URL('../../../packages/modules/test/support/mcp-fixture.mjs', import.meta.url),
);
const server = await superviseMcp({ command: process.execPath, args: [program, '--module', 'router'] });
console.log(server.tools().join());
console.log(JSON.stringify(await server.call('routing.resolve', { recipient: 'user@example.com' })));
await server.close();
