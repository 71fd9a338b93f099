import { createHash } from 'node:crypto';

import type { AgentDiscoverySpec, DesiredPeerEdge, DiscoveredMember } from '@mobkit/core';
import type { Route } from '@mobkit/core/ops';

import type { EdgeSet } from './edge-set.js';
import { planEdges } from './plan-edges.js';
import { planMembers, type RosterMember } from './plan-members.js';
import { planRoutes } from './plan-routes.js';
import type { EdgePlan, MemberPlan, RoutePlan, ShapePlan } from './shape-plan.js';

export interface ShapeFacts {
  readonly mobId: string;
  /** Sorted by identity. */
  readonly roster: readonly RosterMember[];
  /** Undefined: everybody stays. */
  readonly desired: readonly AgentDiscoverySpec[] | undefined;
  readonly managed: EdgeSet;
  /** Undefined when there is no router whose routes may change. */
  readonly routes: readonly Route[] | undefined;
  readonly routerModuleLoaded: boolean;
  /**
   * Says which edges are desired among these members, in their one form, each once and sorted; undefined when nobody says.
   */
  readonly edgesAmong: (members: readonly RosterMember[]) => Promise<readonly DesiredPeerEdge[] | undefined>;
  /** Which wires come with a member as the engine spawns it. */
  readonly wiredOnSpawn: (members: readonly RosterMember[]) => Promise<readonly DesiredPeerEdge[]>;
}

/** Says what it takes to bring a mob to a shape. Changes nothing. */
export async function planShape(facts: ShapeFacts): Promise<ShapePlan> {
  const { mobId, roster, desired, managed, routes, routerModuleLoaded } = facts;
  const members = planMembers(desired, roster);
  const planned = await projectedRoster(facts, members);
  const wanted = await facts.edgesAmong(planned);
  const edges = wanted ? planEdges({ desired: wanted, roster: planned, managed }) : NO_EDGES;
  const working = new Set(roster.filter(({ status }) => status === 'active').map(({ identity }) => identity));
  for (const { identity } of members.retire) working.delete(identity);
  for (const { identity } of members.spawn) working.add(identity);
  const routePlan = planRoutes({ activeMembers: [...working].toSorted(), routes, routerModuleLoaded });
  return shapePlan(mobId, members, edges, routePlan);
}

/** Of a mob whose wires nobody says anything about. */
export const NO_EDGES: EdgePlan = {
  desired: [],
  wire: [],
  unwire: [],
  retain: [],
  preexisting: [],
  skip: [],
  forget: [],
};

/** A member as those see it who say to whom it should be able to talk. */
export function discovered({ identity, role, wiredTo, labels }: RosterMember): DiscoveredMember {
  return { identity, profile: role, wiredTo, labels };
}

/** The roster as it will be when the members are what the plan says. */
async function projectedRoster(
  { roster, wiredOnSpawn }: ShapeFacts,
  { spawn, retire }: MemberPlan,
): Promise<readonly RosterMember[]> {
  if (spawn.length === 0 && retire.length === 0) return roster;
  const gone = new Set(retire.map(({ identity }) => identity));
  const staying = roster
    .filter(({ identity }) => !gone.has(identity))
    .map((member) => ({
      ...member,
      wiredTo: gone.size === 0 ? member.wiredTo : member.wiredTo.filter((other) => !gone.has(other)),
    }));
  const coming = spawn.map(({ identity, role, spec }) => {
    return { identity, role, status: 'active' as const, wiredTo: [], labels: spec.labels ?? {} };
  });
  const all = [...staying, ...coming].toSorted((one, other) => (one.identity < other.identity ? -1 : 1));
  if (spawn.length === 0) return all;
  const fresh = new Set(coming.map(({ identity }) => identity));
  const added = new Map<string, string[]>();
  const add = (to: string, other: string) => {
    const peers = added.get(to);
    if (peers) peers.push(other);
    else added.set(to, [other]);
  };
  for (const { a, b } of await wiredOnSpawn(all)) {
    if (!fresh.has(a) && !fresh.has(b)) continue;
    add(a, b);
    add(b, a);
  }
  return all.map((member) => {
    const more = added.get(member.identity);
    return more ? { ...member, wiredTo: [...new Set([...member.wiredTo, ...more])].toSorted() } : member;
  });
}

function shapePlan(mobId: string, members: MemberPlan, edges: EdgePlan, routes: RoutePlan): ShapePlan {
  const pairs = (list: readonly DesiredPeerEdge[]) => list.map(({ a, b }) => [a, b]);
  const changes = [
    members.spawn.map(({ spec }) => spec),
    members.retire.map(({ identity }) => identity),
    pairs(edges.wire),
    pairs(edges.unwire),
    pairs(edges.forget),
    routes.add.map(({ routeKey }) => routeKey),
    routes.remove.map(({ routeKey }) => routeKey),
  ];
  const empty = changes.every((list) => list.length === 0);
  const id = createHash('sha256')
    .update(JSON.stringify([mobId, ...changes]))
    .digest('hex');
  return { id, mobId, empty, members, edges, routes };
}
