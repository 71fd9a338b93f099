import { isRecord, MobError } from '@mobkit/core';
import { resolutionToJson, type RouteTable, routeToJson } from '@mobkit/core/ops';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { expectPart } from './expect-part.js';
import type { Method } from './method.js';
import { noParams, parseParams } from './params.js';
import { routeKeyParams } from './routing-params.js';
import { parseResolveRequest, parseRoute } from './wire-routing.js';

const resolve: Method = async ({ runtime }, params) => {
  const request = parseResolveRequest(params);
  return resolutionToJson(await expectPart(runtime, 'router').resolve(request));
};

const list: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  const routes = await expectPart(runtime, 'router').routes();
  return { routes: routes.map(routeToJson) };
};

const add: Method = async ({ runtime }, params) => {
  const route = parseRoute(routeIn(params));
  return { route: routeToJson(await tableOf(runtime).put(route)) };
};

const remove: Method = async ({ runtime }, params) => {
  const { route_key: routeKey } = parseParams(routeKeyParams, params);
  const deleted = await tableOf(runtime).delete(routeKey);
  if (deleted) return { deleted: routeToJson(deleted) };
  throw new MobError('MOB_ROUTE_NOT_FOUND', `route_key '${routeKey}' was not found`, {
    details: { routeKey },
  });
};

export const routingMethods: Readonly<Record<string, Method>> = {
  'mobkit/routing/resolve': resolve,
  'mobkit/routing/routes/add': add,
  'mobkit/routing/routes/delete': remove,
  'mobkit/routing/routes/list': list,
};

/** A route stands alone, or in `route`. */
function routeIn(params: unknown): unknown {
  if (!isRecord(params) || !('route' in params)) return params;
  const { route, ...others } = params;
  const [other] = Object.keys(others);
  const wrong = (field: string, what: string) =>
    new MobError('MOB_REQUEST_INVALID', what, { details: { field } });
  if (!isRecord(route)) throw wrong('route', 'route must be an object');
  if (other !== undefined) throw wrong(other, `"${other}" stands beside route: put it into it`);
  return route;
}

function tableOf(runtime: UnifiedRuntime): RouteTable {
  const { table } = expectPart(runtime, 'router');
  if (table) return table;
  throw new MobError('MOB_CONFIG_INVALID', 'the routes of this router are fixed', {
    details: { part: 'router' },
  });
}
