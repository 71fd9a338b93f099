/** About 5 MB of them. */
const MAX_IDS = 50_000;

/** The ids of the newest events, all of them from some event on: of these the warehouse need not be asked. */
export class RecentIds {
  readonly #ids = new Map<string, number>();
  #fromSeq = 1;

  /** The first event whose id is here; the ids of all after it are, too. */
  get fromSeq(): number {
    return this.#fromSeq;
  }

  /** Begins with the event after `lastSeq`. */
  reset(lastSeq: number): void {
    this.#ids.clear();
    this.#fromSeq = lastSeq + 1;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds events that follow all that are here. */
  add(events: readonly { readonly id: string; readonly seq: number }[]): void {
    for (const { id, seq } of events) this.#ids.set(id, seq);
    for (const [id, seq] of this.#ids) {
      if (this.#ids.size <= MAX_IDS) break;
      this.#ids.delete(id);
      this.#fromSeq = seq + 1;
    }
  }
}
