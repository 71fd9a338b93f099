import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

export interface ChatRequest {
  readonly headers: IncomingHttpHeaders;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** A text, a call of a tool, or a refusal. */
export type ChatAnswer =
  | { readonly text: string }
  | { readonly tool: string; readonly args: object }
  | { readonly status: number; readonly message: string };

/** A model server that speaks OpenAI's chat completions, streamed, until the test is finished. */
export async function startChatServer(answer: (request: ChatRequest) => ChatAnswer) {
  const asked: ChatRequest[] = [];
  const server = createServer((request, response) => void respond(request, response));
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const one = { ...(await read(request)), headers: request.headers };
    asked.push(one);
    const given = answer(one);
    if ('status' in given) {
      const { status, message } = given;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message, type: 'error', code: null, param: null } }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of chunks(given)) response.write(`data: ${JSON.stringify(piece)}\n\n`);
    response.end('data: [DONE]\n\n');
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked };
}

function chunks(answer: Exclude<ChatAnswer, { status: number }>): readonly object[] {
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  if ('text' in answer) {
    const pieces = answer.text.split(/(?<= )/).map((content) => chunk({ content }));
    return [...pieces, chunk({}, 'stop'), { ...chunk({}), choices: [], usage }];
  }
  const args = JSON.stringify(answer.args);
  const call = (part: object) => chunk({ tool_calls: [{ index: 0, ...part }] });
  return [
    call({ id: 'call_1', type: 'function', function: { name: answer.tool, arguments: '' } }),
    call({ function: { arguments: args.slice(0, 5) } }),
    call({ function: { arguments: args.slice(5) } }),
    chunk({}, 'tool_calls'),
    { ...chunk({}), choices: [], usage },
  ];
}

function chunk(delta: object, finish: string | null = null) {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}

async function read(request: IncomingMessage): Promise<Omit<ChatRequest, 'headers'>> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += String(piece);
  return JSON.parse(text) as Omit<ChatRequest, 'headers'>;
}
