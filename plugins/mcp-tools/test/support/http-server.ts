import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { onTestFinished } from 'vitest';

import { serveTools } from './serve-tools.mjs';

/** An MCP server over streamable HTTP, a session for each client. */
export async function startHttpServer() {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    headers.push(request.headers);
    const id = request.headers['mcp-session-id'];
    if (id === undefined) {
      const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (given) => void sessions.set(given, transport),
        onsessionclosed: (given) => void sessions.delete(given),
      });
      await serveTools().connect(transport);
      return transport.handleRequest(request, response);
    }
    const transport = sessions.get(String(id));
    if (!transport) return void response.writeHead(404).end();
    await transport.handleRequest(request, response);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}/mcp`, port: address.port, sessions, headers };
}
