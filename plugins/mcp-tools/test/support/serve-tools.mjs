import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const object = (properties = {}) => ({ type: /** @type {const} */ ('object'), properties });
/** @param {...string} texts */
const text = (...texts) => ({ content: texts.map((one) => ({ type: 'text', text: one })) });

/** An MCP server with tools to try a client with, made with the official SDK. */
export function serveTools() {
  const server = new Server(
    { name: 'tries', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  );
  const learn = async () => {
    tools.set('learnt', () => text('new'));
    await server.sendToolListChanged();
    return text('learnt it');
  };
  /** @type {Record<string, (args: Record<string, unknown>) => unknown>} */
  const all = {
    echo: ({ said }) => text(String(said)),
    fail: () => ({ ...text('no such file'), isError: true }),
    refuse: () => Promise.reject(new Error('refused by the server')),
    picture: () => ({ content: [{ type: 'image', data: 'aGk=', mimeType: 'image/png' }] }),
    figures: () => ({ content: [], structuredContent: { of: 3 } }),
    mixed: () => ({
      content: [
        { type: 'text', text: 'see' },
        { type: 'resource_link', uri: 'a:b', name: 'b' },
      ],
    }),
    long: () => text('x'.repeat(300_000)),
    pid: () => text(String(process.pid)),
    environment: () => text(JSON.stringify(process.env)),
    die: () => process.exit(3),
    hang: () => new Promise(() => {}),
    // Not even a ping is answered then.
    block: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
    'read.file/v2': () => text('odd'),
    learn,
  };
  const tools = new Map(Object.entries(all));
  // In pages of five.
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const names = [...tools.keys()];
    const from = Number(params?.cursor ?? 0);
    const page = names.slice(from, from + 5);
    return {
      tools: page.map((name) => ({ name, description: `${name} of tries`, inputSchema: object() })),
      ...(from + 5 < names.length && { nextCursor: String(from + 5) }),
    };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const run = tools.get(params.name);
    if (!run) throw new Error(`There is no tool ${params.name}`);
    return /** @type {import('@modelcontextprotocol/sdk/types.js').CallToolResult} */ (
      run(params.arguments ?? {})
    );
  });
  return server;
}
