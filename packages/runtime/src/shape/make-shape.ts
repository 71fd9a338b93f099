import { type DesiredPeerEdge, errorText } from '@mobkit/core';

import { applyEdges } from './apply-edges.js';
import { applyRoutes } from './apply-routes.js';
import { planEdges } from './plan-edges.js';
import { planRoutes, routeKeyTo } from './plan-routes.js';
import { NO_EDGES } from './plan-shape.js';
import type { ShapeDeps } from './shape-deps.js';
import type { EdgesReport, RoutingReport } from './shape-report.js';

/** Brings the wires of the roster as it is now to what is desired; leaves them alone when nobody says what is. */
export async function makeEdges(
  { mob, managed, held }: Pick<ShapeDeps, 'mob' | 'managed' | 'held'>,
  desired: readonly DesiredPeerEdge[] | undefined,
): Promise<EdgesReport> {
  const plan = desired ? planEdges({ desired, roster: mob.members(), managed: managed.edges }) : NO_EDGES;
  for (const { a, b } of plan.unwire) held.letGoEdge(a, b);
  const report = await applyEdges({ mob, managed }, plan);
  held.holdEdges([...report.retainedEdges, ...report.wiredEdges]);
  return report;
}

/** Gives every member that works now its route. Never rejects: of routes that cannot be read, all have failed. */
export async function makeRoutes(
  deps: Pick<ShapeDeps, 'mob' | 'table' | 'routerModuleLoaded'>,
): Promise<RoutingReport> {
  const { mob, table } = deps;
  const routerModuleLoaded = deps.routerModuleLoaded();
  const active = mob.members().filter(({ status }) => status === 'active');
  const activeMembers = active.map(({ identity }) => identity).toSorted();
  try {
    return await applyRoutes(
      table,
      planRoutes({ activeMembers, routes: await table?.routes(), routerModuleLoaded }),
    );
  } catch (cause) {
    const error = errorText(cause);
    const failures = activeMembers.map((identity) => {
      return { routeKey: routeKeyTo(identity), operation: 'add' as const, error };
    });
    return { routerModuleLoaded, activeMembers, addedRouteKeys: [], removedRouteKeys: [], failures };
  }
}
