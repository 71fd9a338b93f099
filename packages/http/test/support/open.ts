import { request } from 'node:http';

import { onTestFinished } from 'vitest';

import { type HttpListener, type ListenerOptions, openListener } from '../../src/http-listener.js';
import { FakeRuntime } from './fake-runtime.js';

/** A listener on a free port, closed when the test is finished. */
export async function open(options: ListenerOptions = {}): Promise<HttpListener> {
  const listener = await openListener({ closeTimeoutMs: 50, ...options });
  onTestFinished(() => listener.close());
  return listener;
}

/** A listener with a runtime attached. */
export async function served(options: ListenerOptions = {}) {
  const mob = new FakeRuntime();
  const listener = await open(options);
  listener.attach(mob.runtime);
  return { mob, listener, url: listener.url };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with whatever headers, which `fetch` does not let one forge. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, ...rest }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A JSON-RPC call over HTTP. */
export function call(url: string, message: unknown): Promise<Response> {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return fetch(`${url}/rpc`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}
