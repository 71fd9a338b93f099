import { createRpcHandler, type RpcHandler } from '@mobkit/rpc';
import { MOB_EVENTS_STREAM_PATH, type UnifiedRuntime } from '@mobkit/runtime';
import { type Context, Hono } from 'hono';

import { failed, json, refuse, text } from './answers.js';
import type { ConnectionInfo } from './connection-info.js';
import { METRICS_TYPE, metricsText } from './metrics.js';
import { answerRpc } from './rpc-route.js';
import type { StreamClients } from './stream-clients.js';
import { createStreamRoutes, type StreamRequest } from './stream-routes.js';

export interface RoutesDeps {
  readonly runtime: () => UnifiedRuntime | undefined;
  readonly standby?: () => string | undefined;
  readonly clients: StreamClients;
  readonly mobkitVersion?: string;
  readonly onError: (error: unknown) => void;
}

interface App {
  readonly Bindings: ConnectionInfo;
  readonly Variables: { readonly runtime: UnifiedRuntime };
}

/** What is served where. */
export function createRoutes(deps: RoutesDeps): Hono<App> {
  const app = new Hono<App>();
  app.onError((error) => {
    const answer = failed(error);
    // What is unavailable says so to everybody who asks; this is ours to mend.
    if (answer.status === 500) deps.onError(error);
    return answer;
  });
  app.notFound(({ req }) => refuse(404, 'not_found', `Nothing is served at ${req.path}`));

  route(app, 'GET', '/healthz', () => text(200, 'ok'));
  route(app, 'GET', '/readyz', () => readiness(deps.runtime(), deps.standby?.()));

  app.use(async (context, next) => {
    const runtime = deps.runtime();
    if (!runtime) {
      const why = deps.standby?.() ?? 'The mob is starting: ask again';
      return refuse(503, 'not_ready', why, { 'retry-after': '1' });
    }
    context.set('runtime', runtime);
    return next();
  });
  const rpcOf = rpcHandlers(deps);
  route(app, 'POST', '/rpc', ({ req, var: { runtime } }) => answerRpc(req.raw, rpcOf(runtime)));

  route(app, 'GET', '/metrics', async ({ var: { runtime } }) => {
    const metrics = metricsText(runtime.ingestStats(), await runtime.archiveStatus());
    return text(200, metrics, { 'content-type': METRICS_TYPE });
  });

  const streams = createStreamRoutes(deps.clients);
  route(app, 'GET', '/mob/events', (context) => streams.agents(opening(context)));
  route(app, 'GET', '/agents/:id/events', (context) =>
    streams.agents(opening(context), context.req.param('id')),
  );
  route(app, 'GET', MOB_EVENTS_STREAM_PATH, (context) => streams.ledger(opening(context)));
  return app;
}

type Answer = (context: Context<App>) => Response | Promise<Response>;

/** One method at a path; HEAD too is refused, as Hono would run GET for it and nobody would end a stream it opened. */
function route(app: Hono<App>, method: 'GET' | 'POST', path: string, answer: Answer): void {
  app.all(path, (context) => {
    if (context.req.method === method) return answer(context);
    return refuse(405, 'method_not_allowed', `${path} takes ${method}`, { allow: method });
  });
}

async function readiness(
  runtime: UnifiedRuntime | undefined,
  standby: string | undefined,
): Promise<Response> {
  if (!runtime && standby !== undefined) {
    return json(503, { status: 'standby', problems: [standby] }, { 'retry-after': '1' });
  }
  if (!runtime) return json(503, { status: 'starting' }, { 'retry-after': '1' });
  const { ready, problems } = await runtime.readiness();
  return ready
    ? json(200, { status: 'ready' })
    : json(503, { status: 'not_ready', problems }, { 'retry-after': '1' });
}

function opening({ req, env, var: { runtime } }: Context<App>): StreamRequest {
  return { runtime, request: req.raw, disconnect: env.disconnect };
}

/** One for each runtime that was ever served. */
function rpcHandlers({ mobkitVersion, onError }: RoutesDeps): (runtime: UnifiedRuntime) => RpcHandler {
  const made = new WeakMap<UnifiedRuntime, RpcHandler>();
  return (runtime) => {
    const rpc =
      made.get(runtime) ??
      createRpcHandler({ runtime, onError, ...(mobkitVersion !== undefined && { mobkitVersion }) });
    made.set(runtime, rpc);
    return rpc;
  };
}
