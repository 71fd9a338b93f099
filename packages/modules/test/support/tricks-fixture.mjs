import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * An MCP server with tools to try a host with. Without the SDK, so that it starts quickly. `ABSENT_WITHOUT` names a file that
 * it makes instead of starting.
 */
const { ABSENT_WITHOUT: file } = process.env;
if (file && !existsSync(file)) {
  writeFileSync(file, '');
  process.stderr.write('not yet\n');
  process.exit(1);
}

/** How often a list was begun. */
let lists = 0;

/** @param {...string} texts */
const text = (...texts) => ({ content: texts.map((one) => ({ type: 'text', text: one })) });
/** @type {Map<string, (args: Readonly<Record<string, any>>) => unknown>} */
const tools = new Map(
  Object.entries({
    echo: (args) => text(JSON.stringify(args)),
    say: ({ texts }) => text(...texts),
    picture: () => ({
      content: [...text('see').content, { type: 'image', data: 'aGk=', mimeType: 'image/png' }],
    }),
    figures: () => ({ content: [], structuredContent: { of: 3 } }),
    hang: () => undefined,
    // Not even a ping is answered then.
    block() {
      process.stderr.write('blocked\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
    die: () => process.exit(3),
    learn() {
      tools.set('learnt', () => text('new'));
      say({ method: 'notifications/tools/list_changed' });
      return text('learnt it');
    },
    nag() {
      for (let at = 0; at < 100; at += 1) say({ method: 'notifications/tools/list_changed' });
      return text('nagged');
    },
    lists: () => text(String(lists)),
  }),
);

/** @type {Readonly<Record<string, (params: Readonly<Record<string, any>>) => unknown>>} */
const methods = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'tricks', version: '1.0.0' },
  }),
  ping: () => ({}),
  // In pages of four.
  'tools/list': ({ cursor = '0' }) => {
    if (cursor === '0') lists += 1;
    const names = [...tools.keys()];
    const to = Number(cursor) + 4;
    return {
      tools: names.slice(Number(cursor), to).map((name) => ({ name, inputSchema: { type: 'object' } })),
      ...(to < names.length && { nextCursor: String(to) }),
    };
  },
  'tools/call': ({ name, arguments: args }) => tools.get(name)?.(args),
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, method, params = {} } = JSON.parse(line);
    const result = methods[method]?.(params);
    if (id !== undefined && result !== undefined) say({ id, result });
  })
  .once('close', () => process.exit(0));

/** @param {object} message */
function say(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}
