/** What became of one peer of a member since it was last told, and before that since it was first not told. */
interface Change {
  readonly firstSeq: number;
  readonly firstAdded: boolean;
  readonly seq: number;
  readonly added: boolean;
}

/** Whom a member gained and lost, each sorted. */
export interface PeerChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * What members do not know yet of their peers: one entry for each peer of each member, whatever happens to it, so that it is
 * bounded by the wiring. Numbers are those of entries of the ledger.
 */
export class PeerNews {
  readonly #ofMembers = new Map<string, Map<string, Change>>();

  /** Notes that a member gained or lost a peer. */
  note(identity: string, peer: string, added: boolean, seq: number): void {
    let ofMember = this.#ofMembers.get(identity);
    if (!ofMember) this.#ofMembers.set(identity, (ofMember = new Map()));
    const { firstSeq = seq, firstAdded = added } = ofMember.get(peer) ?? {};
    ofMember.set(peer, { firstSeq, firstAdded, seq, added });
  }

  /** What a member gained and lost in entries after `toldSeq`; who came and went meanwhile is left out. */
  since(identity: string, toldSeq: number): PeerChanges {
    const news = [...(this.#ofMembers.get(identity) ?? [])].filter(([, { seq }]) => seq > toldSeq);
    const lost = news.filter(
      ([, { added, firstAdded, firstSeq }]) => !added && !(firstAdded && firstSeq > toldSeq),
    );
    return {
      added: news.flatMap(([peer, { added }]) => (added ? [peer] : [])).toSorted(),
      removed: lost.map(([peer]) => peer).toSorted(),
    };
  }

  /** A member knows everything up to that entry. */
  told(identity: string, seq: number): void {
    const ofMember = this.#ofMembers.get(identity);
    for (const [peer, change] of ofMember ?? []) if (change.seq <= seq) ofMember?.delete(peer);
    if (ofMember?.size === 0) this.#ofMembers.delete(identity);
  }

  forget(identity: string): void {
    this.#ofMembers.delete(identity);
  }

  clear(): void {
    this.#ofMembers.clear();
  }
}
