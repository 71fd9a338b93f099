import {
  type Appended,
  type AppendOptions,
  type LogBounds,
  type LogQuery,
  limitOf,
  MobError,
  type NewEntry,
  type PruneBounds,
  type StoredEntry,
  toLogPage,
} from '@mobkit/core';

import { matcherOf } from './matcher-of.js';

/** One partition of a log. Its arguments have been checked. */
export class MemoryLog {
  /** Without a hole: the entry numbered `seq` is at `seq - #firstSeq`. */
  #entries: StoredEntry[] = [];
  readonly #ids = new Set<string>();
  #firstSeq = 1;
  readonly #wakes = new Set<() => void>();

  get bounds(): LogBounds {
    return { firstSeq: this.#firstSeq, lastSeq: this.#firstSeq + this.#entries.length - 1 };
  }

  /** Says what an append would do, and does it when `apply` is called before anything else is. */
  planAppend(given: readonly NewEntry[], { expectedLastSeq, firstSeq }: AppendOptions) {
    // Nothing was ever appended while the first seq to come is 1: pruning leaves a greater one.
    const empty = this.#firstSeq === 1 && this.#entries.length === 0;
    const before = this.bounds.lastSeq;
    const lastSeq = firstSeq !== undefined && empty ? firstSeq - 1 : before;
    const fresh = new Map<string, StoredEntry>();
    const duplicates: string[] = [];
    for (const { id, timestampMs, data, fields } of given) {
      if (this.#ids.has(id) || fresh.has(id)) duplicates.push(id);
      else fresh.set(id, { id, timestampMs, data, fields: { ...fields }, seq: lastSeq + fresh.size + 1 });
    }
    if (fresh.size > 0 && expectedLastSeq !== undefined && expectedLastSeq !== before) {
      throw new MobError('MOB_CONFLICT', `Expected last seq ${expectedLastSeq}, found ${before}`);
    }
    if (fresh.size > 0 && firstSeq !== undefined && !empty) {
      throw new MobError('MOB_CONFLICT', `Cannot begin at ${firstSeq}: the last seq is ${before}`);
    }
    const result: Appended = {
      stored: fresh.size,
      duplicates,
      lastSeq: fresh.size === 0 ? before : lastSeq + fresh.size,
    };
    return { result, apply: () => this.#add([...fresh.values()]) };
  }

  read(query: LogQuery) {
    const limit = limitOf(query);
    const { sinceMs = -Infinity, untilMs = Infinity, where } = query;
    const matches = matcherOf(where);
    const newest = query.afterSeq === undefined;
    const first = Math.max((query.afterSeq ?? 0) + 1 - this.#firstSeq, 0);
    const end = Math.min((query.beforeSeq ?? Infinity) - this.#firstSeq, this.#entries.length);
    const found: StoredEntry[] = [];
    // In place: whoever follows a log of a million entries must not copy them for every page.
    for (let at = newest ? end - 1 : first; at >= first && at < end; at += newest ? -1 : 1) {
      const entry = this.#entries[at]!;
      const inTime = entry.timestampMs >= sinceMs && entry.timestampMs < untilMs;
      if (inTime && matches(entry.fields) && found.push(entry) > limit) break;
    }
    return toLogPage(found, query, this.bounds);
  }

  prune({ seq = Infinity, timestampMs = Infinity, keep = 0 }: PruneBounds): number {
    const stays = this.#entries.findIndex((entry) => entry.seq >= seq || entry.timestampMs >= timestampMs);
    const old = stays === -1 ? this.#entries.length : stays;
    const gone = this.#entries.splice(0, Math.max(Math.min(old, this.#entries.length - keep), 0));
    for (const { id } of gone) this.#ids.delete(id);
    this.#firstSeq += gone.length;
    return gone.length;
  }

  onAppend(wake: () => void): () => void {
    const own = () => wake();
    this.#wakes.add(own);
    return () => this.#wakes.delete(own);
  }

  /** A moment later, so that nobody reads in the middle of a commit. */
  wakeAll(): void {
    for (const wake of this.#wakes) queueMicrotask(wake);
  }

  #add(entries: readonly StoredEntry[]): void {
    const [first] = entries;
    if (!first) return;
    if (this.#entries.length === 0) this.#firstSeq = first.seq;
    for (const entry of entries) {
      this.#ids.add(entry.id);
      this.#entries.push(entry);
    }
    this.wakeAll();
  }
}
