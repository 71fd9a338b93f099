import { limitOf, MobError } from '@mobkit/core';

import { matcherOf } from './matcher-of.js';

/** @typedef {import('@mobkit/core').StoredRecord} StoredRecord */

/** The records of one definition, in memory. */
export class RecordTable {
  /** @type {Map<string, StoredRecord>} */
  #records = new Map();

  /** @param {string} key */
  get(key) {
    return this.#records.get(key);
  }

  /** @param {import('@mobkit/core').RecordQuery} query */
  list(query) {
    const limit = limitOf(query);
    const matches = matcherOf(query.where);
    const { afterKey } = query;
    const found = [...this.#records.values()]
      .filter(({ key, fields }) => (afterKey === undefined || compare(key, afterKey) > 0) && matches(fields))
      .toSorted((one, other) => compare(one.key, other.key));
    return { records: found.slice(0, limit), more: found.length > limit };
  }

  /** @param {string} key @param {number} [expectedVersion] */
  expect(key, expectedVersion) {
    const version = this.#records.get(key)?.version ?? 0;
    if (expectedVersion === undefined || expectedVersion === version) return;
    throw new MobError('MOB_CONFLICT', `Expected "${key}" at version ${expectedVersion}, found ${version}`);
  }

  /**
   * What may be claimed, the longest due first, and when more may be.
   *
   * @param {number} limit
   * @param {number} now
   */
  due(limit, now) {
    const waiting = [...this.#records.values()].filter(({ dueAtMs }) => dueAtMs !== undefined);
    const records = waiting
      .filter((one) => freeAtMs(one) <= now)
      .toSorted((one, other) => (one.dueAtMs ?? 0) - (other.dueAtMs ?? 0))
      .slice(0, limit);
    const nextDueAtMs = Math.min(...waiting.filter((one) => !records.includes(one)).map(freeAtMs));
    return nextDueAtMs === Infinity ? { records } : { records, nextDueAtMs };
  }

  /** @param {StoredRecord} record */
  set(record) {
    this.#records.set(record.key, record);
  }

  /** @param {string} key */
  delete(key) {
    this.#records.delete(key);
  }
}

/** @param {StoredRecord} record */
function freeAtMs({ dueAtMs = 0, lease }) {
  return Math.max(dueAtMs, lease?.untilMs ?? -Infinity);
}

/** By code point, which comparing texts in JavaScript is not. @param {string} one @param {string} other */
function compare(one, other) {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
