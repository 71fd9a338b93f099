import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';

import type { SqlType } from './sql/tree.js';

/** One value of an answer, as the wire has it. */
export interface Cell {
  readonly v: string | null | readonly Cell[] | { readonly f: readonly Cell[] };
}

export type TimestampFormat = 'INT64' | 'FLOAT64' | 'ISO8601_STRING';

const NAMES: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.VARCHAR]: 'STRING',
  [DuckDBTypeId.BLOB]: 'BYTES',
  [DuckDBTypeId.DOUBLE]: 'FLOAT64',
  [DuckDBTypeId.FLOAT]: 'FLOAT64',
  [DuckDBTypeId.DECIMAL]: 'NUMERIC',
  [DuckDBTypeId.BOOLEAN]: 'BOOL',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIME]: 'TIME',
};

/** The type of a result; whole numbers of every width are one. */
export function sqlTypeOf(type: DuckDBType): SqlType {
  if (type.typeId === DuckDBTypeId.LIST) return { name: 'ARRAY', of: sqlTypeOf(type.valueType) };
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const { entryNames, entryTypes } = type;
    const fields = entryNames.map((name, at) => ({ name, type: sqlTypeOf(entryTypes[at] as DuckDBType) }));
    return { name: 'STRUCT', fields };
  }
  if (type.alias === 'JSON') return { name: 'JSON' };
  return { name: NAMES[type.typeId] ?? 'INT64' };
}

/** A value as the wire has it. An array that is missing is an empty one. */
export function cellOf(value: DuckDBValue, type: SqlType, format: TimestampFormat): Cell {
  if (type.of) {
    const { of } = type;
    const items = value instanceof DuckDBListValue ? value.items : [];
    return { v: items.map((item) => cellOf(item, of, format)) };
  }
  if (value === null) return { v: null };
  if (type.fields && value instanceof DuckDBStructValue) {
    const { entries } = value;
    return { v: { f: type.fields.map((field) => cellOf(entries[field.name] ?? null, field.type, format)) } };
  }
  if (value instanceof DuckDBTimestampTZValue) return { v: timestamp(value.micros, format) };
  if (value instanceof DuckDBTimestampValue) return { v: value.toString().replace(' ', 'T') };
  if (value instanceof DuckDBBlobValue) return { v: Buffer.from(value.bytes).toString('base64') };
  return { v: String(value) };
}

function timestamp(micros: bigint, format: TimestampFormat): string {
  if (format === 'INT64') return String(micros);
  if (format === 'FLOAT64') return `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`;
  const whole = new Date(Number(micros / 1000n)).toISOString().slice(0, -4);
  return `${whole}${String(micros % 1_000_000n).padStart(6, '0')}Z`;
}
