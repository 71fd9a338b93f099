import { invalidQuery } from '../refusal.js';
import type { SqlType } from './tree.js';

const NAMES: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  NUMERIC: 'DECIMAL(38, 9)',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIME: 'TIME',
  JSON: 'JSON',
};

/** The type that DuckDB keeps it in. */
export function duckType(type: SqlType): string {
  if (type.of) return `${duckType(type.of)}[]`;
  if (type.fields) {
    return `STRUCT(${type.fields.map(({ name, type: of }) => `${quoted(name)} ${duckType(of)}`).join(', ')})`;
  }
  const name = NAMES[type.name];
  if (!name) throw invalidQuery(`Type not found: ${type.name}`);
  return name;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

const NUMBERS = new Set(['INT64', 'FLOAT64', 'NUMERIC']);
/** A string that is written down, or given, stands for one of these where one is wanted. */
const WRITTEN = new Set(['TIMESTAMP', 'DATE', 'DATETIME', 'TIME']);

export interface Typed {
  readonly type?: SqlType | undefined;
  /** A literal or a parameter. */
  readonly constant?: boolean | undefined;
}

/** Whether the two may be compared; where the type of one is not known, yes. */
export function comparable(left: Typed, right: Typed): boolean {
  return fits(left, right) || fits(right, left);
}

/** Whether a value may be put where this type is wanted. */
export function fits(value: Typed, wanted: Typed): boolean {
  const from = value.type?.name;
  const to = wanted.type?.name;
  if (from === undefined || to === undefined || from === 'NULL' || to === 'NULL' || from === to) return true;
  if (NUMBERS.has(from) && NUMBERS.has(to)) return true;
  if (from === 'DATE' && to === 'DATETIME') return true;
  return from === 'STRING' && value.constant === true && WRITTEN.has(to);
}
