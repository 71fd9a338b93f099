import { errorText } from '@mobkit/core';
import type { Route, RouteTable } from '@mobkit/core/ops';

import { inParallel } from './in-parallel.js';
import type { PlannedRoute, RoutePlan } from './shape-plan.js';
import type { RouteFailure, RoutingReport } from './shape-report.js';

/** Makes the routes to members what the plan says. Never rejects: what failed is in the report. */
export async function applyRoutes(table: RouteTable | undefined, plan: RoutePlan): Promise<RoutingReport> {
  const { routerModuleLoaded, activeMembers } = plan;
  const report = { routerModuleLoaded, activeMembers };
  if (!table) return { ...report, addedRouteKeys: [], removedRouteKeys: [], failures: [] };
  // Removed first: one that is replaced keeps its key.
  const removed = await inParallel(plan.remove, async ({ routeKey }) =>
    failureOf(routeKey, 'remove', () => table.delete(routeKey)),
  );
  const added = await inParallel(plan.add, async (planned) =>
    failureOf(planned.routeKey, 'add', () => table.put(routeOf(planned))),
  );
  const done = (planned: readonly PlannedRoute[], outcomes: readonly unknown[]) =>
    planned.filter((_, at) => outcomes[at] === undefined).map(({ routeKey }) => routeKey);
  return {
    ...report,
    addedRouteKeys: done(plan.add, added),
    removedRouteKeys: done(plan.remove, removed),
    failures: [...removed, ...added].filter((failure) => failure !== undefined),
  };
}

async function failureOf(
  routeKey: string,
  operation: RouteFailure['operation'],
  work: () => Promise<unknown>,
): Promise<RouteFailure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { routeKey, operation, error: errorText(error) };
  }
}

function routeOf(planned: PlannedRoute): Route {
  const { reason: _, ...route } = planned;
  return route;
}
