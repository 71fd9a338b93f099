import type { DesiredPeerEdge, MobErrorCode } from '@mobkit/core';

/** What became of a reconcile. */
export interface ShapeReport {
  readonly mob: MembersReport;
  readonly edges: EdgesReport;
  readonly routing: RoutingReport;
  /** Whether the mob has the desired shape: nothing failed, and no edge was skipped. */
  readonly complete: boolean;
}

/** What happened to the members, by identity. Whoever failed is in `failures` only. */
export interface MembersReport {
  /** In the order they were desired; of everybody there when no roster was desired. */
  readonly desired: readonly string[];
  readonly retained: readonly string[];
  readonly spawned: readonly string[];
  readonly retired: readonly string[];
  readonly failures: readonly MemberFailure[];
}

/** A member that could not be spawned or retired. */
export interface MemberFailure {
  readonly identity: string;
  readonly stage: 'spawn' | 'retire';
  readonly error: FailureText;
}

/** A failure as far as it can be told over the wire. */
export interface FailureText {
  /** Absent when the error has none. */
  readonly code?: MobErrorCode;
  readonly message: string;
}

/** Each list sorted by `a`, then `b`. */
export interface EdgesReport {
  readonly desiredEdges: readonly DesiredPeerEdge[];
  readonly wiredEdges: readonly DesiredPeerEdge[];
  readonly unwiredEdges: readonly DesiredPeerEdge[];
  readonly retainedEdges: readonly DesiredPeerEdge[];
  readonly preexistingEdges: readonly DesiredPeerEdge[];
  readonly skippedMissingMembers: readonly DesiredPeerEdge[];
  readonly prunedStaleManagedEdges: readonly DesiredPeerEdge[];
  readonly failures: readonly EdgeFailure[];
  /** Whether nothing failed and nothing was skipped. */
  readonly complete: boolean;
}

/** A pair of peers that could not be joined or parted. */
export interface EdgeFailure {
  readonly edge: DesiredPeerEdge;
  readonly operation: 'wire' | 'wire (heal)' | 'unwire';
  readonly error: string;
}

/** What happened to the routes of members. */
export interface RoutingReport {
  /** Whether a module `router` advises where messages go. */
  readonly routerModuleLoaded: boolean;
  /** Each list sorted. */
  readonly activeMembers: readonly string[];
  readonly addedRouteKeys: readonly string[];
  readonly removedRouteKeys: readonly string[];
  readonly failures: readonly RouteFailure[];
}

/** A route that could not be added or removed. */
export interface RouteFailure {
  readonly routeKey: string;
  readonly operation: 'add' | 'remove';
  readonly error: string;
}

/** What became of a rediscovery. */
export interface RediscoverReport {
  /** In the order they were discovered. */
  readonly spawned: readonly string[];
  readonly failures: readonly MemberFailure[];
  readonly edges: EdgesReport;
  readonly routing: RoutingReport;
}
