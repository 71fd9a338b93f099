import { type Clock, systemClock } from '@mobkit/core';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { failed, refuse, sealed } from './answers.js';
import type { ConnectionInfo } from './connection-info.js';
import { createRoutes } from './create-routes.js';
import { guard } from './guard.js';
import { StreamClients } from './stream-clients.js';

/** What is served over HTTP, and within which bounds. */
export interface HttpHandlerOptions {
  /** What to serve; while it answers undefined everything but `/healthz` is 503. */
  readonly runtime: () => UnifiedRuntime | undefined;
  /** Why there is nothing to serve yet: who runs the mob meanwhile. @defaultValue that it is starting */
  readonly standby?: () => string | undefined;
  /** Aborted: every stream ends and every further request is answered 503. */
  readonly signal?: AbortSignal;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
  /** Event streams open at a time; one more is answered 503. @defaultValue 256 */
  readonly maxStreams?: number;
  /** Told by `mobkit/status`. @defaultValue it is not told */
  readonly mobkitVersion?: string;
  /**
   * Told of every failure that is this side's: what is answered with 500 or with the JSON-RPC number -32603, and what
   * broke a stream. Must not throw. @defaultValue they are dropped
   */
  readonly onError?: (error: unknown) => void;
}

/** Answers a request. Never rejects. A body it answered with that is no longer read must be cancelled. */
export type HttpHandler = (request: Request, info: ConnectionInfo) => Promise<Response>;

const DEFAULT_MAX_STREAMS = 256;

/**
 * Serves a runtime over web-standard requests: `/healthz`, `/readyz`, `/metrics`, `POST /rpc`, and the event streams
 * `/mob/events`, `/agents/{id}/events` and `/mobkit/mob_events/stream`. Every request must name a loopback host with its port, and come
 * from no page of another origin.
 */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const { signal, clock = systemClock, maxStreams = DEFAULT_MAX_STREAMS, onError = () => {} } = options;
  const clients = new StreamClients({ clock, limit: maxStreams, onError });
  signal?.addEventListener('abort', () => clients.endAll(), { once: true });
  const routes = createRoutes({ ...options, clients, onError });
  return async (request, info) => {
    const refused =
      guard(request, info.port) ??
      (signal?.aborted ? refuse(503, 'shutting_down', 'The server is stopping') : undefined);
    if (refused) return sealed(refused);
    try {
      return sealed(await routes.fetch(request, info));
    } catch (error) {
      // Hono lets what is not an `Error` pass.
      onError(error);
      return sealed(failed(error));
    }
  };
}
