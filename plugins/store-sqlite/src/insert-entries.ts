import type { LogDefinition, NewEntry } from '@mobkit/core';

import { build, type Session, type Value } from './database.js';
import { isRepeatedId } from './errors.js';
import { ownValue } from './rows.js';

/** Rows of the longest insert; longer ones bring nothing more. */
const MAX_ROWS = 64;

/** What became of entries. */
export interface Inserted {
  /** The times of those that were stored, in order. */
  readonly times: readonly number[];
  /** The ids of the others, in order. */
  readonly duplicates: readonly string[];
}

/** Inserts entries inside a transaction that writes. One whose id is kept is left out, and uses up no number. */
export function insertEntries(
  session: Session,
  log: LogDefinition,
  partition: string,
  firstSeq: number,
  entries: readonly NewEntry[],
): Inserted {
  const fields = Object.keys(log.fields);
  const times: number[] = [];
  const duplicates: string[] = [];
  for (let at = 0; at < entries.length;) {
    const some = entries.slice(at, at + rowsOf(entries.length - at));
    at += some.length;
    // All of them or, when one is a duplicate, none: SQLite takes the statement back, and the transaction goes on.
    if (inserted(insertOf(log, some.length), some)) times.push(...some.map((entry) => entry.timestampMs));
    else some.forEach(insertUnlessKept);
  }
  return { times, duplicates };

  function insertUnlessKept(entry: NewEntry): void {
    if (inserted(insertOf(log, 1), [entry])) times.push(entry.timestampMs);
    else duplicates.push(entry.id);
  }

  function inserted(sql: string, some: readonly NewEntry[]): boolean {
    const parameters: Value[] = [];
    let seq = firstSeq + times.length;
    for (const { id, timestampMs, data, fields: values = {} } of some) {
      parameters.push(partition, seq++, id, timestampMs, data);
      for (const field of fields) parameters.push(ownValue(values, field));
    }
    try {
      return session.run({ sql, parameters }) > 0;
    } catch (error) {
      if (isRepeatedId(error)) return false;
      throw error;
    }
  }
}

/** The greatest power of two that fits, so that the statements of all batches are few. */
function rowsOf(left: number): number {
  return left >= MAX_ROWS ? MAX_ROWS : 2 ** Math.floor(Math.log2(left));
}

const inserts = new WeakMap<LogDefinition, Map<number, string>>();

/** The text of an insert of so many rows, made once: building it costs more than running it. */
function insertOf(log: LogDefinition, rows: number): string {
  const ofLog = inserts.get(log) ?? new Map<number, string>();
  inserts.set(log, ofLog);
  const kept = ofLog.get(rows);
  if (kept !== undefined) return kept;
  const columns = ['partition', 'seq', 'id', 'timestamp_ms', 'data', ...Object.keys(log.fields)];
  const row = Object.fromEntries(columns.map((column) => [column, '']));
  const insert = build.insertInto(log.name).values(Array.from({ length: rows }, () => row));
  // One alone may be left out. Of several it could not be told which one was, and the numbers after it would be wrong.
  const one = insert.onConflict((on) => on.columns(['partition', 'id']).doNothing());
  const { sql } = (rows === 1 ? one : insert).compile();
  ofLog.set(rows, sql);
  return sql;
}
