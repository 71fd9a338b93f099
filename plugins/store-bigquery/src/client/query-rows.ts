import type { JsonObject, JsonValue } from '@mobkit/core';

import { storeError } from './errors.js';

/** Columns by name: text as the server writes the type, e.g. `12`, `true`; null for NULL. */
export type QueryRow = Readonly<Record<string, string | null>>;

/**
 * The rows of an answer to a query whose columns are all scalars.
 *
 * @throws MobError `MOB_STORE_REFUSED` when it is not such an answer.
 */
export function rowsOf(doing: string, answer: JsonObject): QueryRow[] {
  const { rows = [], schema } = answer;
  if (!Array.isArray(rows)) throw malformed(doing, 'rows is no list');
  if (rows.length === 0) return [];
  const fields = isObject(schema) ? schema['fields'] : undefined;
  if (!Array.isArray(fields)) throw malformed(doing, 'there are rows, and no schema');
  const names = fields.map((field) => {
    if (!isObject(field) || typeof field['name'] !== 'string') throw malformed(doing, 'a column has no name');
    return field['name'];
  });
  return rows.map((row) => {
    const cells = isObject(row) ? row['f'] : undefined;
    if (!Array.isArray(cells) || cells.length !== names.length)
      throw malformed(doing, 'missing row.f cell array');
    return Object.fromEntries(cells.map((cell, at) => [names[at], valueOf(doing, cell)]));
  });
}

function valueOf(doing: string, cell: JsonValue): string | null {
  const value = isObject(cell) ? cell['v'] : undefined;
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw malformed(doing, 'a cell is no scalar');
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(doing: string, message: string): Error {
  return storeError({ doing, reason: 'invalidAnswer', message });
}
