import type { DesiredPeerEdge } from '@mobkit/core';

/** A set of wires in their one form. Not keyed by text: making a key for each of many wires is most of what a plan would cost. */
export class EdgeSet {
  readonly #ends = new Map<string, Set<string>>();
  #size = 0;

  constructor(edges: Iterable<DesiredPeerEdge> = []) {
    for (const edge of edges) this.add(edge);
  }

  get size(): number {
    return this.#size;
  }

  has({ a, b }: DesiredPeerEdge): boolean {
    return this.#ends.get(a)?.has(b) ?? false;
  }

  add({ a, b }: DesiredPeerEdge): void {
    const others = this.#ends.get(a);
    if (!others) this.#ends.set(a, new Set([b]));
    else if (others.has(b)) return;
    else others.add(b);
    this.#size += 1;
  }

  delete({ a, b }: DesiredPeerEdge): void {
    const others = this.#ends.get(a);
    if (!others?.delete(b)) return;
    if (others.size === 0) this.#ends.delete(a);
    this.#size -= 1;
  }

  clear(): void {
    this.#ends.clear();
    this.#size = 0;
  }

  *[Symbol.iterator](): Generator<DesiredPeerEdge> {
    for (const [a, others] of this.#ends) for (const b of others) yield { a, b };
  }
}
