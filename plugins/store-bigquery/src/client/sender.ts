import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

import type { Endpoint } from './endpoint.js';

/** A request that was signed. */
export interface Request {
  readonly method: string;
  /** With what is asked for behind it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | readonly Uint8Array[];
}

/** An answer, whatever its status. */
export interface Answer {
  readonly status: number;
  /** What was read as JSON, or the text as it was. */
  readonly data: unknown;
}

/** An answer is 20 MB at most by the server's own limits. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;
/** From so many characters on it pays to turn a body into bytes, once: as text it is counted and copied with its headers. */
const LONG_BODY = 8_192;

/**
 * Sends requests to one endpoint over connections that it keeps. Costs a third of what `fetch` does for a body of some hundred
 * kilobytes, and follows no redirect: wherever it leads, the token is not for there.
 */
export class Sender {
  readonly #request: typeof httpRequest;
  readonly #agent: HttpAgent;
  readonly #to: { readonly protocol: string; readonly hostname: string; readonly port: string };

  /** @param proxy - Sends through it, and is closed with this; absent when there is none. */
  constructor({ origin }: Endpoint, proxy?: HttpAgent) {
    const { protocol, hostname, port } = new URL(origin);
    const secure = protocol === 'https:';
    this.#request = secure ? httpsRequest : httpRequest;
    this.#agent = proxy ?? new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true });
    // Whoever connects knows an address of IPv6 without its brackets.
    this.#to = { protocol, hostname: hostname.replaceAll(/[[\]]/g, ''), port };
  }

  /** Rejects when `signal` is aborted, and ends the connection. */
  send({ method, path, headers, body = '' }: Request, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const pieces = typeof body === 'string' && body.length > LONG_BODY ? [Buffer.from(body)] : body;
      const length = lengthOf(pieces);
      const request = this.#request({
        ...this.#to,
        agent: this.#agent,
        method,
        path,
        headers: length > 0 ? { ...headers, 'content-length': length } : headers,
      });
      // By hand: a request that is given a signal watches for its own end, at more than sending costs.
      const abort = () => request.destroy(new Error('aborted'));
      signal.addEventListener('abort', abort);
      request
        .on('error', reject)
        .on('close', () => {
          signal.removeEventListener('abort', abort);
          reject(new Error('no answer'));
        })
        .on('response', (response: IncomingMessage) => {
          textOf(response, (text) => resolve({ status: response.statusCode ?? 0, data: jsonOf(text) }));
          // Of an answer that is cut.
          response.on('error', reject);
        });
      if (typeof pieces === 'string') return void request.end(pieces);
      for (const piece of pieces) request.write(piece);
      request.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function lengthOf(body: string | readonly Uint8Array[]): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body.reduce((sum, { length }) => sum + length, 0);
}

/** By events: read as an iterator, a small answer costs a good deal more. */
function textOf(response: IncomingMessage, then: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MAX_ANSWER_BYTES)
      response.destroy(new Error(`The answer is longer than ${MAX_ANSWER_BYTES} bytes`));
  });
  response.on('end', () => then(Buffer.concat(chunks).toString()));
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? '' : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
