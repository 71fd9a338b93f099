import { limitOf, MobError, toLogPage } from '@mobkit/core';

import { matcherOf } from './matcher-of.js';

/** @typedef {import('@mobkit/core').StoredEntry} StoredEntry */

/** One partition of a log, in memory. */
export class LogPartition {
  /** @type {StoredEntry[]} without a hole */
  #entries = [];
  #ids = new Set();
  #firstSeq = 1;
  /** @type {Set<() => void>} */
  #wakes = new Set();

  get bounds() {
    return { firstSeq: this.#firstSeq, lastSeq: this.#firstSeq + this.#entries.length - 1 };
  }

  /**
   * What an append would add and answer.
   *
   * @param {readonly import('@mobkit/core').NewEntry[]} entries
   * @param {import('@mobkit/core').AppendOptions} options
   */
  plan(entries, { expectedLastSeq, firstSeq }) {
    const before = this.bounds.lastSeq;
    const empty = before === 0;
    const from = empty && firstSeq !== undefined ? firstSeq : before + 1;
    const ids = new Set();
    const fresh = entries.filter(({ id }) => !this.#ids.has(id) && !ids.has(id) && ids.add(id));
    const left = new Set(fresh);
    const duplicates = entries.filter((entry) => !left.has(entry)).map(({ id }) => id);
    if (fresh.length > 0 && expectedLastSeq !== undefined && expectedLastSeq !== before) {
      throw new MobError('MOB_CONFLICT', `Expected last seq ${expectedLastSeq}, found ${before}`);
    }
    if (fresh.length > 0 && firstSeq !== undefined && !empty) {
      throw new MobError('MOB_CONFLICT', `Cannot begin at ${firstSeq}: the last seq is ${before}`);
    }
    const lastSeq = fresh.length > 0 ? from + fresh.length - 1 : before;
    return {
      fresh: fresh.map(({ fields = {}, ...entry }, at) => ({ ...entry, fields, seq: from + at })),
      appended: { stored: fresh.length, duplicates, lastSeq },
    };
  }

  /** @param {readonly StoredEntry[]} entries */
  add(entries) {
    const [first] = entries;
    if (!first) return;
    if (this.#entries.length === 0) this.#firstSeq = first.seq;
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#ids.add(entry.id);
    }
    this.wakeAll();
  }

  /** @param {import('@mobkit/core').LogQuery} query */
  read(query) {
    const { afterSeq = 0, beforeSeq = Infinity, sinceMs = -Infinity, untilMs = Infinity, where } = query;
    const matches = matcherOf(where);
    const found = this.#entries.filter(
      ({ seq, timestampMs, fields }) =>
        seq > afterSeq &&
        seq < beforeSeq &&
        timestampMs >= sinceMs &&
        timestampMs < untilMs &&
        matches(fields),
    );
    const inOrder = query.afterSeq === undefined ? found.toReversed() : found;
    return toLogPage(inOrder.slice(0, limitOf(query) + 1), query, this.bounds);
  }

  /** How many of the oldest may go. @param {import('@mobkit/core').PruneBounds} bounds */
  prunable({ seq = Infinity, timestampMs = Infinity, keep = 0 }) {
    const stays = this.#entries.findIndex((entry) => entry.seq >= seq || entry.timestampMs >= timestampMs);
    const old = stays === -1 ? this.#entries.length : stays;
    return Math.max(Math.min(old, this.#entries.length - keep), 0);
  }

  /** @param {number} count */
  removeOldest(count) {
    for (const { id } of this.#entries.splice(0, count)) this.#ids.delete(id);
    this.#firstSeq += count;
  }

  /** @param {() => void} wake */
  onAppend(wake) {
    const own = () => wake();
    this.#wakes.add(own);
    return () => this.#wakes.delete(own);
  }

  /** A moment later, so that nobody reads in the middle of a commit. */
  wakeAll() {
    for (const wake of this.#wakes) queueMicrotask(wake);
  }
}
