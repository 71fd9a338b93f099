import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { getRequestListener, RequestError } from '@hono/node-server';
import { delay, systemClock } from '@mobkit/core';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { failed, refuse, sealed } from './answers.js';
import { bind, loopbackAddress } from './bind.js';
import { createHttpHandler, type HttpHandler, type HttpHandlerOptions } from './create-http-handler.js';

/** Where to listen, and what to serve there. */
export interface ListenerOptions extends Omit<HttpHandlerOptions, 'runtime' | 'standby' | 'signal'> {
  /** `127.0.0.1`, `::1` or `localhost`; no other, as nobody is asked who they are. @defaultValue `127.0.0.1` */
  readonly host?: string;
  /** 0 takes any that is free. @defaultValue 0 */
  readonly port?: number;
  /** How long `close` lets requests under way finish, in milliseconds. @defaultValue 5000 */
  readonly closeTimeoutMs?: number;
}

/** A socket that answers. Whoever opened it closes it. */
export interface HttpListener {
  /** e.g. `http://127.0.0.1:8080`, without a slash at the end. */
  readonly url: string;
  /** The address it is bound to. */
  readonly host: string;
  readonly port: number;

  /** Says, until a runtime is attached, why there is none: who runs the mob meanwhile. */
  standBy(why: string): void;

  /** Begins to serve a runtime, which stays the caller's to shut down. @throws TypeError the second time. */
  attach(runtime: UnifiedRuntime): void;

  /**
   * Takes no more connections, ends every event stream, lets requests under way finish for a while and drops those that
   * do not. A second call joins the first.
   *
   * @throws what made the socket fail while it was open, if anything did; it is closed all the same.
   */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 5_000;

/** For clients that send slowly, or nothing. Neither is about answers: a stream stays open as long as it is read. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16 * 1024,
};

const MAX_CONNECTIONS = 1_024;

/**
 * Binds a loopback port and answers at once: `/healthz` with `ok`, everything else with 503 until a runtime is attached.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a host that is not loopback, or a port that cannot be had (`details.port`).
 */
export async function openListener(options: ListenerOptions = {}): Promise<HttpListener> {
  const { host = '127.0.0.1', port = 0, clock = systemClock, closeTimeoutMs = CLOSE_TIMEOUT_MS } = options;
  const address = loopbackAddress(host);
  let runtime: UnifiedRuntime | undefined;
  let standby: string | undefined;
  const closing = new AbortController();
  const underWay = new Set<ServerResponse>();
  const handler = createHttpHandler({
    ...options,
    runtime: () => runtime,
    standby: () => standby,
    signal: closing.signal,
  });
  const { onError = () => {} } = options;
  const answer = toNodeListener(handler, onError);
  const server = createServer(LIMITS, (incoming, outgoing) => {
    underWay.add(outgoing);
    outgoing.once('close', () => {
      underWay.delete(outgoing);
      if (underWay.size === 0) server.emit('idle');
    });
    void answer(incoming, outgoing);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const bound = await bind(server, address, port);

  let failure: Error | undefined;
  server.on('error', (error) => {
    failure ??= error;
    onError(error);
  });

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    closing.abort();
    if (underWay.size > 0) {
      const idle = new AbortController();
      server.once('idle', () => idle.abort());
      await delay(clock, closeTimeoutMs, idle.signal);
    }
    server.closeAllConnections();
    await closed;
    if (failure) throw failure;
  }

  let closed: Promise<void> | undefined;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${bound.port}`,
    host: address,
    port: bound.port,
    standBy(why) {
      standby = why;
    },
    attach(given) {
      if (runtime) throw new TypeError('A runtime is attached to this listener already');
      runtime = given;
    },
    close: () => (closed ??= close()),
  };
}

function toNodeListener(handler: HttpHandler, onError: (error: unknown) => void) {
  return getRequestListener(
    (request, { incoming, outgoing }) => {
      const disconnect = () => void outgoing.destroy();
      return handler(request, { port: incoming.socket.localPort ?? 0, disconnect });
    },
    {
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        if (error instanceof RequestError) {
          return sealed(refuse(400, 'bad_request', 'The request has no valid address or Host'));
        }
        onError(error);
        return sealed(failed(error));
      },
    },
  ) as (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
}
