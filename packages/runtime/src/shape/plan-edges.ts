import type { DesiredPeerEdge } from '@mobkit/core';

import { EdgeSet } from './edge-set.js';
import type { RosterMember } from './plan-members.js';
import type { EdgePlan, PlannedEdge, PlannedWire } from './shape-plan.js';

export interface EdgeFacts {
  /** In their one form, each once, sorted. */
  readonly desired: readonly DesiredPeerEdge[];
  readonly roster: readonly Pick<RosterMember, 'identity' | 'wiredTo'>[];
  /** Those that are ours: we made them, or were about to. */
  readonly managed: EdgeSet;
}

/**
 * Compares the wires of a roster with the desired ones. Only what is ours is ever taken away, and what somebody else wired never
 * becomes ours.
 */
export function planEdges({ desired, roster, managed }: EdgeFacts): EdgePlan {
  const peers = new Map(roster.map(({ identity, wiredTo }) => [identity, wiredTo]));
  const wire: PlannedWire[] = [];
  const [retain, preexisting, skip]: [PlannedEdge[], PlannedEdge[], PlannedEdge[]] = [[], [], []];
  let oursDesired = 0;
  for (const edge of desired) {
    const { a, b } = edge;
    const ours = managed.has(edge);
    if (ours) oursDesired += 1;
    const [one, other] = [peers.get(a), peers.get(b)];
    if (!one || !other) {
      const missing = [a, b].filter((end) => !peers.has(end));
      skip.push({ a, b, reason: `${missing.map((end) => `"${end}"`).join(' and ')} not in the roster` });
    } else if (wired(a, one, b, other)) {
      if (ours) retain.push({ a, b, reason: 'is desired and there' });
      else preexisting.push({ a, b, reason: 'is desired, and there by somebody else' });
    } else if (ours) {
      wire.push({ a, b, heal: true, reason: 'is desired, and was taken away' });
    } else wire.push({ a, b, heal: false, reason: 'is desired and not there' });
  }
  const none: { readonly unwire: PlannedEdge[]; readonly forget: PlannedEdge[] } = { unwire: [], forget: [] };
  const { unwire, forget } = oursDesired === managed.size ? none : planRest(desired, peers, managed);
  return { desired, wire, unwire, retain, preexisting, skip, forget };
}

type Peers = ReadonlyMap<string, readonly string[]>;

/** What is ours and not desired any more. */
function planRest(desired: readonly DesiredPeerEdge[], peers: Peers, managed: EdgeSet) {
  const wanted = new EdgeSet(desired);
  const [unwire, forget]: [PlannedEdge[], PlannedEdge[]] = [[], []];
  for (const edge of managed) {
    if (wanted.has(edge)) continue;
    const { a, b } = edge;
    const [one, other] = [peers.get(a), peers.get(b)];
    const there = one && other && wired(a, one, b, other);
    if (there) unwire.push({ a, b, reason: 'is ours and not desired' });
    else forget.push({ a, b, reason: 'was ours, is not desired, and is gone' });
  }
  return { unwire: sorted(unwire), forget: sorted(forget) };
}

/** Asked of the one with fewer peers: somebody may be wired to everybody. */
function wired(a: string, peersOfA: readonly string[], b: string, peersOfB: readonly string[]): boolean {
  return peersOfA.length < peersOfB.length ? peersOfA.includes(b) : peersOfB.includes(a);
}

function sorted(edges: readonly PlannedEdge[]): readonly PlannedEdge[] {
  const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
  return edges.toSorted((one, other) => compare(one.a, other.a) || compare(one.b, other.b));
}
