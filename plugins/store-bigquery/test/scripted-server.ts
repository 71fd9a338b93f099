import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ManualClock } from '@mobkit/contract-kit';
import { type Clock, systemClock } from '@mobkit/core';
import { onTestFinished } from 'vitest';

import { BigQueryClient } from '../src/client/bigquery-client.js';
import type { BigQueryOptions } from '../src/client/options.js';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a scripted server does with a request: an answer, or something odd. */
export type Scripted = Answer | ((response: ServerResponse) => void);

interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
}

/** Answers what it was told, in order, and remembers what it was asked. */
export async function scriptedServer(answers: readonly Scripted[]) {
  const received: Received[] = [];
  let arrived = () => {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const answer = answers[received.length] ?? {
        status: 500,
        json: { error: { message: 'nothing scripted' } },
      };
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      arrived();
      if (typeof answer === 'function') return answer(response);
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.json ?? {}));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const options: BigQueryOptions = {
    projectId: 'p',
    dataset: 'd',
    apiEndpoint: `http://127.0.0.1:${port}`,
    allowedHosts: ['127.0.0.1'],
  };
  return {
    received,
    options,
    /** Resolves once so many requests arrived. */
    async arrivals(count: number): Promise<void> {
      while (received.length < count) await new Promise<void>((resolve) => (arrived = resolve));
    },
    async client(given: Partial<BigQueryOptions> = {}, clock: Clock = systemClock): Promise<BigQueryClient> {
      const client = await BigQueryClient.open({ ...options, ...given }, clock);
      onTestFinished(() => client.close());
      return client;
    },
  };
}

/** Requests are given longer. */
const LONGEST_PAUSE_MS = 10_000;

/** Lets time pass until a promise has settled: every pause ends at once, and no request is late. */
export async function withTime<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const done = promise.finally(() => (settled = true)).catch(() => {});
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    const { nextDueMs = Infinity } = clock;
    // Pauses have fractions of a millisecond, the time has not.
    if (nextDueMs <= LONGEST_PAUSE_MS) clock.advance(Math.ceil(nextDueMs));
  }
  await done;
  return promise;
}

export const failed = (status: number, reason: string, message = 'no'): Answer => ({
  status,
  json: { error: { code: status, message, errors: [{ reason, message }] } },
});
