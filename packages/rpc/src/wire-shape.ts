import type { DesiredPeerEdge } from '@mobkit/core';
import type {
  EdgesReport,
  MemberFailure,
  PlannedMember,
  RediscoverReport,
  RoutingReport,
  ShapePlan,
  ShapeReport,
} from '@mobkit/runtime';

/** A plan as clients read it: what is given to a member that is spawned stays here. */
export function toWirePlan({ id, mobId, empty, members, edges, routes }: ShapePlan) {
  return {
    plan_id: id,
    mob_id: mobId,
    empty,
    members: {
      spawn: members.spawn.map(toWirePlanned),
      retain: members.retain.map(toWirePlanned),
      retire: members.retire.map(toWirePlanned),
    },
    edges: {
      wire: edges.wire,
      unwire: edges.unwire,
      retain: edges.retain,
      preexisting: edges.preexisting,
      skip: edges.skip,
      forget: edges.forget,
    },
    routes: {
      router_module_loaded: routes.routerModuleLoaded,
      add: routes.add.map(({ routeKey, reason }) => ({ route_key: routeKey, reason })),
      remove: routes.remove.map(({ routeKey, reason }) => ({ route_key: routeKey, reason })),
    },
  };
}

/** What a reconcile would do, spelt as on the wire. */
export type WirePlan = ReturnType<typeof toWirePlan>;

export function toWireReport({ mob, edges, routing, complete }: ShapeReport) {
  return {
    mob: {
      desired: mob.desired,
      retained: mob.retained,
      spawned: mob.spawned.map((identity) => ({ agent_identity: identity })),
      retired: mob.retired,
      failures: mob.failures.map(toWireFailure),
    },
    edges: toWireEdges(edges),
    routing: toWireRouting(routing),
    complete,
  };
}

/** What a reconcile did, spelt as on the wire. */
export type WireShapeReport = ReturnType<typeof toWireReport>;

export function toWireEdges(report: EdgesReport) {
  return {
    desired_edges: report.desiredEdges,
    wired_edges: report.wiredEdges,
    unwired_edges: report.unwiredEdges,
    retained_edges: report.retainedEdges,
    preexisting_edges: report.preexistingEdges,
    skipped_missing_members: report.skippedMissingMembers,
    pruned_stale_managed_edges: report.prunedStaleManagedEdges,
    failures: report.failures.map(({ edge, operation, error }): WireEdgeFailure => {
      return { edge, operation, error };
    }),
  };
}

interface WireEdgeFailure {
  readonly edge: DesiredPeerEdge;
  readonly operation: string;
  readonly error: string;
}

export function toWireRediscovered({ spawned, failures, edges, routing }: RediscoverReport) {
  return {
    spawned,
    failures: failures.map(toWireFailure),
    edges: toWireEdges(edges),
    routing: toWireRouting(routing),
  };
}

function toWirePlanned({ identity, role, reason, differs }: PlannedMember) {
  return { agent_identity: identity, role, reason, ...(differs && { differs }) };
}

function toWireFailure({ identity, stage, error }: MemberFailure) {
  return { agent_identity: identity, stage, error };
}

function toWireRouting(report: RoutingReport) {
  return {
    router_module_loaded: report.routerModuleLoaded,
    active_members: report.activeMembers,
    added_route_keys: report.addedRouteKeys,
    removed_route_keys: report.removedRouteKeys,
    failures: report.failures.map(({ routeKey, operation, error }) => {
      return { route_key: routeKey, operation, error };
    }),
  };
}
