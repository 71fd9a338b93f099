import { invalid } from './refusal.js';
import type { SqlType } from './sql/tree.js';

/** A column as the wire has it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: 'NULLABLE' | 'REQUIRED' | 'REPEATED';
  readonly fields?: readonly Field[];
}

const SQL_NAMES: Readonly<Record<string, string>> = {
  STRING: 'STRING',
  BYTES: 'BYTES',
  INTEGER: 'INT64',
  INT64: 'INT64',
  FLOAT: 'FLOAT64',
  FLOAT64: 'FLOAT64',
  NUMERIC: 'NUMERIC',
  BOOLEAN: 'BOOL',
  BOOL: 'BOOL',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  JSON: 'JSON',
};

const WIRE_NAMES: Readonly<Record<string, string>> = { INT64: 'INTEGER', FLOAT64: 'FLOAT', BOOL: 'BOOLEAN' };

/** The type of one value of a column. @throws Refusal when there is no such type. */
export function typeOfItem({ name, type, fields }: Field): SqlType {
  const capitals = type.toUpperCase();
  if (capitals === 'RECORD' || capitals === 'STRUCT') {
    return {
      name: 'STRUCT',
      fields: (fields ?? []).map((field) => ({ name: field.name, type: typeOfField(field) })),
    };
  }
  const known = SQL_NAMES[capitals];
  if (!known) throw invalid(`Invalid value for type: ${type} is not a valid value (field ${name})`);
  return { name: known };
}

export function typeOfField(field: Field): SqlType {
  const one = typeOfItem(field);
  return field.mode === 'REPEATED' ? { name: 'ARRAY', of: one } : one;
}

/** The same column as the wire names its type, always with a mode. */
export function wireField(name: string, type: SqlType, required = false): Field {
  if (type.of) return { ...wireField(name, type.of), mode: 'REPEATED' };
  const mode = required ? 'REQUIRED' : 'NULLABLE';
  if (type.fields) {
    return {
      name,
      type: 'RECORD',
      mode,
      fields: type.fields.map((field) => wireField(field.name, field.type)),
    };
  }
  return { name, type: WIRE_NAMES[type.name] ?? type.name, mode };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,299}$/;

/** Columns as somebody sent them, with the names that the service itself would use. @throws Refusal */
export function checkedFields(fields: readonly Field[]): readonly Field[] {
  const seen = new Set<string>();
  return fields.map((field) => {
    if (!NAME.test(field.name)) throw invalid(`Invalid field name "${field.name}"`);
    const lower = field.name.toLowerCase();
    if (seen.has(lower)) throw invalid(`Duplicate field name: ${field.name}`);
    seen.add(lower);
    const { mode = 'NULLABLE' } = field;
    const inner = field.fields ? { fields: checkedFields(field.fields) } : {};
    return { ...field, ...wireField(field.name, typeOfItem(field)), mode, ...inner };
  });
}
