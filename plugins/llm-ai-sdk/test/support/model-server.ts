import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

/** What a model server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export type Answer = (response: ServerResponse, asked: Asked) => void | Promise<void>;

/** A server on this machine that answers as it is told, request by request; the last answer stands for all that follow. */
export async function startModelServer(...answers: readonly Answer[]) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const one = { ...(await read(request)), headers: request.headers };
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(one);
      await answer?.(response, one);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

async function read(request: IncomingMessage) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  const { method = '', url: path = '' } = request;
  return { method, path, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

/** Server-sent events, whole: text as it is, anything else as JSON. */
export function sse(...events: readonly unknown[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(frames(events));
  };
}

export function frames(events: readonly unknown[]): string {
  return events
    .map((event) => (typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`))
    .join('');
}

export function refuse(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Begins an answer and breaks the connection off. */
export function cut(...events: readonly unknown[]): Answer {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    await new Promise<void>((resolve) => void response.write(frames(events), () => resolve()));
    response.socket?.destroy();
  };
}

/** Begins an answer and says no more. */
export function stall(...events: readonly unknown[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frames(events));
  };
}
