import type { DesiredPeerEdge, ManagedEdge, PersistentMetadataStore } from '@mobkit/core';

import type { Admission } from '../admission.js';
import { EdgeSet } from './edge-set.js';

/**
 * The wires that are ours, kept so that a restart neither adopts those of others nor forgets these.
 *
 * An edge is claimed before it is wired and released after it was unwired. A crash in between leaves a claim to a wire that is
 * not there: when it is still desired the next reconcile wires it, else it forgets it. The other way round would leave a wire that
 * nobody owns any more.
 *
 * Nothing is written any more once the mob is another's: the claims are the other's, too.
 */
export class ManagedEdges {
  readonly #mobId: string;
  readonly #metadata: PersistentMetadataStore;
  readonly #admission: Pick<Admission, 'expectOurs'>;
  /** Those that are ours now. */
  readonly edges: EdgeSet;

  static async open(
    mobId: string,
    metadata: PersistentMetadataStore,
    admission: Pick<Admission, 'expectOurs'>,
  ): Promise<ManagedEdges> {
    return new ManagedEdges(mobId, metadata, admission, await metadata.managedEdges(mobId));
  }

  private constructor(
    mobId: string,
    metadata: PersistentMetadataStore,
    admission: Pick<Admission, 'expectOurs'>,
    edges: readonly ManagedEdge[],
  ) {
    this.#admission = admission;
    this.#mobId = mobId;
    this.#metadata = metadata;
    this.edges = new EdgeSet(edges);
  }

  /** @throws MobError `MOB_LEASE_LOST`; what the store throws: then each may be kept or not, and none is ours until it is claimed again. */
  async claim(...edges: readonly DesiredPeerEdge[]): Promise<void> {
    this.#admission.expectOurs('claim a wire');
    await this.#metadata.addManagedEdges(
      this.#mobId,
      edges.map(({ a, b }) => ({ a, b })),
    );
    for (const { a, b } of edges) this.edges.add({ a, b });
  }

  /** @throws MobError `MOB_LEASE_LOST`; what the store throws: then it is still ours. */
  async release({ a, b }: DesiredPeerEdge): Promise<void> {
    this.#admission.expectOurs('release a wire');
    await this.#metadata.removeManagedEdge(this.#mobId, { a, b });
    this.edges.delete({ a, b });
  }
}
