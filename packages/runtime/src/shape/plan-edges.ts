import type { DesiredPeerEdge } from '@mobkit/core';

import type { RosterMember } from './plan-members.js';
import type { EdgePlan, PlannedEdge, PlannedWire } from './shape-plan.js';

export interface EdgeFacts {
  /** In their one form, each once, sorted. */
  readonly desired: readonly DesiredPeerEdge[];
  readonly roster: readonly Pick<RosterMember, 'identity' | 'wiredTo'>[];
  /** Those that are ours: we made them, or were about to. In their one form. */
  readonly managed: Iterable<DesiredPeerEdge>;
}

/**
 * Compares the wires of a roster with the desired ones. Only what is ours is ever taken away, and what somebody else wired never
 * becomes ours.
 */
export function planEdges({ desired, roster, managed }: EdgeFacts): EdgePlan {
  const members = new Set(roster.map(({ identity }) => identity));
  const present = new Set<string>();
  for (const { identity, wiredTo } of roster) {
    for (const other of wiredTo) if (identity < other) present.add(edgeKey(identity, other));
  }
  const ours = new Map<string, DesiredPeerEdge>();
  for (const edge of managed) ours.set(edgeKey(edge.a, edge.b), edge);

  const wire: PlannedWire[] = [];
  const [retain, preexisting, skip]: [PlannedEdge[], PlannedEdge[], PlannedEdge[]] = [[], [], []];
  const wanted = new Set<string>();
  for (const { a, b } of desired) {
    const key = edgeKey(a, b);
    wanted.add(key);
    const missing = [a, b].filter((end) => !members.has(end));
    if (missing.length > 0) {
      skip.push({ a, b, reason: `${missing.map((end) => `"${end}"`).join(' and ')} not in the roster` });
    } else if (present.has(key)) {
      if (ours.has(key)) retain.push({ a, b, reason: 'is desired and there' });
      else preexisting.push({ a, b, reason: 'is desired, and there by somebody else' });
    } else if (ours.has(key)) {
      wire.push({ a, b, heal: true, reason: 'is desired, and was taken away' });
    } else wire.push({ a, b, heal: false, reason: 'is desired and not there' });
  }

  const [unwire, forget]: [PlannedEdge[], PlannedEdge[]] = [[], []];
  for (const [key, { a, b }] of ours) {
    if (wanted.has(key)) continue;
    if (present.has(key)) unwire.push({ a, b, reason: 'is ours and not desired' });
    else forget.push({ a, b, reason: 'was ours, is not desired, and is gone' });
  }
  return { desired, wire, unwire, retain, preexisting, skip, forget };
}

/** No member has white space in its identity. */
export function edgeKey(a: string, b: string): string {
  return `${a} ${b}`;
}
