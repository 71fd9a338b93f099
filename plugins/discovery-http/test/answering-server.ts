import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server that answers as it is told, and keeps what it was asked. */
export async function startServer(first: Answer = json({ members: [] })) {
  const requests: IncomingMessage[] = [];
  let answer = first;
  const server = createServer((request, response) => {
    requests.push(request);
    answer(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/shape`,
    requests,
    answer: (next: Answer) => void (answer = next),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export function json(value: unknown, status = 200): Answer {
  return text(JSON.stringify(value), status);
}

export function text(body: string | Buffer, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => void response.writeHead(status, headers).end(body);
}

/** With a tag of the text; answers 304 to who has it. */
export function tagged(value: unknown): Answer {
  const body = JSON.stringify(value);
  const tag = `"${createHash('sha256').update(body).digest('hex')}"`;
  return (response, request) => {
    if (request.headers['if-none-match'] === tag) return void response.writeHead(304, { etag: tag }).end();
    response.writeHead(200, { etag: tag }).end(body);
  };
}

export const nothing: Answer = () => {};
