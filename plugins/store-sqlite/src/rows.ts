import type { Definition, Fields, FieldValue, StoredEntry, StoredRecord, Where } from '@mobkit/core';
import { type RawBuilder, sql, type SqlBool } from 'kysely';

import type { Row, Value } from './database.js';

export const logColumns = ['seq', 'id', 'timestamp_ms', 'data'] as const;
export const recordColumns = [
  'key',
  'version',
  'data',
  'due_at_ms',
  'lease_owner',
  'lease_until_ms',
] as const;

/** Entries of rows of `logColumns` and of these fields, in that order. */
export function toEntries(
  names: readonly string[],
  rows: readonly (readonly Value[])[],
): readonly StoredEntry[] {
  return rows.map((row) => {
    const fields: Record<string, FieldValue> = {};
    for (const [at, name] of names.entries()) {
      const value = row[logColumns.length + at];
      if (value != null) fields[name] = value;
    }
    const [seq, id, timestampMs, data] = row;
    return { id: String(id), seq: Number(seq), timestampMs: Number(timestampMs), fields, data: String(data) };
  });
}

export function toRecord(definition: Definition, row: Row): StoredRecord {
  const { due_at_ms: dueAtMs, lease_owner: owner, lease_until_ms: untilMs } = row;
  return {
    key: String(row['key']),
    version: Number(row['version']),
    fields: toFields(definition, row),
    data: String(row['data']),
    ...(dueAtMs != null && { dueAtMs: Number(dueAtMs) }),
    ...(untilMs != null && { lease: { owner: String(owner), untilMs: Number(untilMs) } }),
  };
}

/**
 * The condition that the fields are what is wanted. The names have been checked.
 *
 * @param how - `by looking`: no index of these fields is used; another is known to be better.
 */
export function whereFields(
  where: Where = {},
  how: 'by index' | 'by looking' = 'by index',
): RawBuilder<SqlBool> {
  const column = (field: string) => (how === 'by index' ? sql.ref(field) : sql`+${sql.ref(field)}`);
  const conditions = Object.entries(where)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([field, wanted]) =>
      Array.isArray(wanted)
        ? // One parameter whatever the length, so that the statement stays the same.
          sql`${column(field)} in (select value from json_each(${JSON.stringify(wanted)}))`
        : sql`${column(field)} = ${wanted}`,
    );
  return sql`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

/** What a field is to hold; `constructor` and the like may name one too, and every object inherits those. */
export function ownValue(fields: Fields | undefined, field: string): FieldValue | null {
  return fields !== undefined && Object.hasOwn(fields, field) ? (fields[field] ?? null) : null;
}

function toFields({ fields }: Definition, row: Row): Fields {
  const values: Record<string, FieldValue> = {};
  for (const field of Object.keys(fields)) {
    const value = row[field];
    if (value != null) values[field] = value;
  }
  return values;
}
