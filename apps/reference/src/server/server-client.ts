import { setTimeout as sleep } from 'node:timers/promises';

import { MobError } from '@mobkit/core';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

import { readServerFile, type ServerAddress } from './server-file.js';

/** A running server, as the other commands see it. */
export interface ServerClient {
  readonly address: ServerAddress;
  /** @throws MobError `mobkit/rpc` with the server's message, `mobkit/unreachable` when it went away. */
  call<T>(method: string, params: object): Promise<T>;
  /**
   * The frames of a stream, from its beginning or after `lastEventId`. When the stream is cut, or there is no room for
   * one more, asks again and goes on after the last frame; ends when the server is gone.
   */
  stream(path: string, lastEventId?: string): AsyncIterable<EventSourceMessage>;
}

const REACH_TIMEOUT_MS = 2_000;
const RECONNECT_MS = 250;

/** Finds the server that owns a state directory; undefined when none runs. */
export async function findServer(stateDirectory: string): Promise<ServerClient | undefined> {
  const address = readServerFile(stateDirectory);
  if (!address || !(await isThere(address))) return undefined;
  return { address, call: (method, params) => call(address, method, params), stream: streamOf(address) };
}

/** @throws MobError `mobkit/unreachable`, saying how to start one. */
export async function expectServer(stateDirectory: string): Promise<ServerClient> {
  const server = await findServer(stateDirectory);
  if (server) return server;
  throw new MobError(
    'mobkit/unreachable',
    `No server runs on ${stateDirectory}. Start one with \`npm start\`, or name its directory with --state`,
  );
}

/** A killed server leaves its file, and its port may be somebody else's by now: the process must be there as well. */
async function isThere({ url, pid }: ServerAddress): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
    return response.ok && (await response.text()) === 'ok';
  } catch {
    return false;
  }
}

async function call<T>({ url }: ServerAddress, method: string, params: object): Promise<T> {
  const response = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: method, method, params }),
  }).catch((cause: unknown) => {
    throw new MobError('mobkit/unreachable', `The server at ${url} went away`, { cause });
  });
  const { result, error } = (await response.json()) as {
    result?: T;
    error?: { message: string; data?: Record<string, unknown> } | string;
  };
  if (error === undefined) return result as T;
  const message = typeof error === 'string' ? error : error.message;
  throw new MobError('mobkit/rpc', message, { details: typeof error === 'string' ? {} : (error.data ?? {}) });
}

function streamOf({ url }: ServerAddress): ServerClient['stream'] {
  return async function* (path, lastEventId) {
    for (let after = lastEventId; ;) {
      const response = await fetch(`${url}${path}`, {
        headers: { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) },
      }).catch(() => undefined);
      if (!response?.body) return;
      if (response.status === 503) {
        await response.body.cancel();
        await sleep(RECONNECT_MS);
        continue;
      }
      if (!response.ok) throw new MobError('mobkit/rpc', `${path} answered ${await response.text()}`);
      try {
        for await (const frame of frames(response.body)) {
          if (frame.id !== undefined) after = frame.id;
          yield frame;
        }
      } catch {
        // Cut: asking again goes on after the last frame, or finds that the server is gone.
      }
      await sleep(RECONNECT_MS);
    }
  };
}

async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => waiting.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* waiting.splice(0);
  }
}
