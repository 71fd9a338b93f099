import {
  type Claim,
  type Claimed,
  limitOf,
  MobError,
  type NewRecord,
  type RecordPage,
  type RecordQuery,
  type StoredRecord,
  type VersionOptions,
} from '@mobkit/core';

import { compareCodePoints } from './compare-code-points.js';
import { matcherOf } from './matcher-of.js';

/** The records of one definition. Its arguments have been checked. */
export class MemoryRecords {
  readonly #records = new Map<string, StoredRecord>();
  /** One for all keys, so that a key put again after a delete never gets an old version. */
  #lastVersion = 0;

  get(key: string): StoredRecord | undefined {
    return this.#records.get(key);
  }

  list(query: RecordQuery): RecordPage {
    const limit = limitOf(query);
    const matches = matcherOf(query.where);
    const found = [...this.#records.values()]
      .filter(({ key, fields }) => {
        const after = query.afterKey === undefined || compareCodePoints(key, query.afterKey) > 0;
        return after && matches(fields);
      })
      .toSorted((one, other) => compareCodePoints(one.key, other.key));
    return { records: found.slice(0, limit), more: found.length > limit };
  }

  /** Says what a put would do, and does it when `apply` is called before anything else is. */
  planPut(key: string, record: NewRecord, options: VersionOptions) {
    this.#expect(key, options);
    const version = ++this.#lastVersion;
    const { data, dueAtMs } = record;
    const plain = { key, fields: { ...record.fields }, data, version };
    const stored = dueAtMs === undefined ? plain : { ...plain, dueAtMs };
    return { result: version, apply: () => void this.#records.set(key, stored) };
  }

  /** Says what a delete would do, and does it when `apply` is called before anything else is. */
  planDelete(key: string, options: VersionOptions) {
    this.#expect(key, options);
    return { result: this.#records.has(key), apply: () => void this.#records.delete(key) };
  }

  claimDue({ owner, leaseMs, limit }: Claim): Claimed {
    const now = Date.now();
    const due = [...this.#records.values()]
      .filter(({ dueAtMs = Infinity, lease }) => dueAtMs <= now && (lease?.untilMs ?? 0) <= now)
      .toSorted((one, other) => (one.dueAtMs ?? 0) - (other.dueAtMs ?? 0));
    const records = due.slice(0, limit).map((record) => {
      const claimed = { ...record, version: ++this.#lastVersion, lease: { owner, untilMs: now + leaseMs } };
      this.#records.set(record.key, claimed);
      return claimed;
    });
    const handedOut = new Set(records.map(({ key }) => key));
    const next = [...this.#records.values()]
      .filter(({ key, dueAtMs }) => dueAtMs !== undefined && !handedOut.has(key))
      .reduce(
        (soonest, { dueAtMs = 0, lease }) => Math.min(soonest, Math.max(dueAtMs, lease?.untilMs ?? 0)),
        Infinity,
      );
    return next === Infinity ? { records } : { records, nextDueAtMs: next };
  }

  #expect(key: string, { expectedVersion }: VersionOptions): void {
    const version = this.#records.get(key)?.version ?? 0;
    if (expectedVersion === undefined || expectedVersion === version) return;
    throw new MobError('MOB_CONFLICT', `Expected "${key}" at version ${expectedVersion}, found ${version}`);
  }
}
