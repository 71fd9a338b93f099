import type { DesiredPeerEdge } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';

import { EdgeSet } from './edge-set.js';

/** What is gone that should be there. */
export interface Missing {
  /** Sorted. */
  readonly members: readonly string[];
  readonly edges: readonly DesiredPeerEdge[];
}

/**
 * The part of the shape that we brought about and that should stay: members that were desired or spawned through the runtime, and
 * the wires that are ours. What the runtime takes away itself is let go of first, so that it is never missed.
 */
export class HeldShape {
  readonly #members = new Set<string>();
  readonly #edges = new EdgeSet();

  hold(identities: Iterable<string>): void {
    for (const identity of identities) this.#members.add(identity);
  }

  letGo(identity: string): void {
    this.#members.delete(identity);
  }

  holdEdges(edges: Iterable<DesiredPeerEdge>): void {
    for (const edge of edges) this.#edges.add(edge);
  }

  /** Either way round. */
  letGoEdge(a: string, b: string): void {
    this.#edges.delete(a < b ? { a, b } : { a: b, b: a });
  }

  clear(): void {
    this.#members.clear();
    this.#edges.clear();
  }

  /** What is gone, each told once: it is let go of. A wire that went with a member is not named beside it. */
  takeMissing(mob: Pick<MobHandle, 'member'>): Missing {
    const members = [...this.#members].filter((identity) => !mob.member(identity)).toSorted();
    for (const identity of members) this.#members.delete(identity);
    const edges: DesiredPeerEdge[] = [];
    for (const edge of this.#edges) {
      const [one, other] = [mob.member(edge.a), mob.member(edge.b)];
      if (one && other && one.wiredTo.includes(edge.b)) continue;
      this.#edges.delete(edge);
      if (one && other) edges.push(edge);
    }
    return { members, edges };
  }
}
