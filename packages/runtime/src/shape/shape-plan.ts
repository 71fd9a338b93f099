import type { DesiredPeerEdge } from '@mobkit/core';
import type { SpawnMemberSpec } from '@mobkit/core/mob';
import type { Route } from '@mobkit/core/ops';

/** What stands between the mob as it is and as it should be: plain data, each item with its reason. */
export interface ShapePlan {
  /** The same for two plans that change the same, and no other: what was looked at can be held to. */
  readonly id: string;
  readonly mobId: string;
  /** Whether there is nothing to change. */
  readonly empty: boolean;
  readonly members: MemberPlan;
  readonly edges: EdgePlan;
  readonly routes: RoutePlan;
}

/** What would happen to the members, each in one of the lists. */
export interface MemberPlan {
  /** In the order in which to spawn. */
  readonly spawn: readonly PlannedSpawn[];
  /** Sorted by identity. Who is there stays as it is, even where it differs from what is desired. */
  readonly retain: readonly PlannedMember[];
  /** Sorted by identity. */
  readonly retire: readonly PlannedMember[];
}

/** A member, and why it would stay or go. */
export interface PlannedMember {
  readonly identity: string;
  readonly role: string;
  readonly reason: string;
  /** Of a retained one, in which fields it is not as desired; absent for none. Only a new life would change them. */
  readonly differs?: readonly ('profile' | 'labels')[];
}

/** A member that would be spawned. */
export interface PlannedSpawn extends PlannedMember {
  readonly spec: SpawnMemberSpec;
}

/** Each list sorted by `a`, then `b`. */
export interface EdgePlan {
  /** What the desired edges are, each once. */
  readonly desired: readonly DesiredPeerEdge[];
  readonly wire: readonly PlannedWire[];
  readonly unwire: readonly PlannedEdge[];
  /** Ours, and there. */
  readonly retain: readonly PlannedEdge[];
  /** There, and somebody else's: never claimed, never unwired. */
  readonly preexisting: readonly PlannedEdge[];
  /** Desired, with an end that is no member: skipped until it is one. */
  readonly skip: readonly PlannedEdge[];
  /** Ours, not desired any more, and gone already: no longer ours. */
  readonly forget: readonly PlannedEdge[];
}

/** A pair of peers, and why it would be joined or parted. */
export interface PlannedEdge extends DesiredPeerEdge {
  readonly reason: string;
}

/** A pair of peers that would be joined. */
export interface PlannedWire extends PlannedEdge {
  /** Whether it is ours and was taken away by somebody else. */
  readonly heal: boolean;
}

/** What would happen to the routes of members. */
export interface RoutePlan {
  /** Whether a module `router` advises where messages go. */
  readonly routerModuleLoaded: boolean;
  /** Sorted. */
  readonly activeMembers: readonly string[];
  /** Sorted by key. One that is in both lists is replaced. */
  readonly add: readonly PlannedRoute[];
  readonly remove: readonly PlannedRoute[];
}

/** A route, and why it would be added or removed. */
export interface PlannedRoute extends Route {
  readonly reason: string;
}
