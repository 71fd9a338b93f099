import type { Field } from './field.js';
import { typeOfItem } from './field.js';
import type { SqlType } from './sql/tree.js';
import { duckType, quoted } from './sql/types.js';
import type { Table } from './table.js';

/** Why a row is not taken, and which column it is about. */
export interface RowProblem {
  readonly location: string;
  readonly message: string;
}

type Row = Readonly<Record<string, unknown>>;

export interface RowRules {
  readonly ignoreUnknownValues: boolean;
  /** Whether a value of type JSON comes as the text of it, as streamed rows have it. */
  readonly jsonAsText: boolean;
}

/** A row with every value in the form that DuckDB reads, or what is wrong with it. */
export function readRow(fields: readonly Field[], row: Row, rules: RowRules): Row | RowProblem[] {
  const problems: RowProblem[] = [];
  const read = readFields(fields, row, rules, '', problems);
  return problems.length > 0 ? problems : read;
}

function readFields(
  fields: readonly Field[],
  row: Row,
  rules: RowRules,
  path: string,
  problems: RowProblem[],
): Row {
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) {
    const field = fields.find(({ name }) => name.toLowerCase() === key.toLowerCase());
    if (field) read[field.name] = readField(field, value, rules, `${path}${key}`, problems);
    else if (!rules.ignoreUnknownValues)
      problems.push({ location: `${path}${key}`, message: `no such field: ${key}.` });
  }
  for (const { name, mode } of fields) {
    if (mode !== 'REQUIRED' || (read[name] !== null && read[name] !== undefined)) continue;
    problems.push({ location: `${path}${name}`, message: `Missing required field: ${name}.` });
  }
  return read;
}

function readField(
  field: Field,
  value: unknown,
  rules: RowRules,
  path: string,
  problems: RowProblem[],
): unknown {
  if (field.mode !== 'REPEATED') return readValue(field, value, rules, path, problems);
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push({ location: path, message: 'Array specified for non-repeated field.' });
    return null;
  }
  return value.map((item, at) => readValue(field, item, rules, `${path}[${at}]`, problems));
}

function readValue(
  field: Field,
  value: unknown,
  rules: RowRules,
  path: string,
  problems: RowProblem[],
): unknown {
  if (value === null || value === undefined) return null;
  const type = typeOfItem(field).name;
  if (type === 'STRUCT') {
    if (typeof value === 'object' && !Array.isArray(value)) {
      return readFields(field.fields ?? [], value as Row, rules, `${path}.`, problems);
    }
  } else if (type === 'JSON') {
    const read = readJson(value, rules);
    if (read !== undefined) return read;
  } else {
    const read = typeof value === 'object' ? undefined : READERS[type]?.(value);
    if (read !== undefined) return read;
  }
  problems.push({
    location: path,
    message: `Cannot convert value to ${type.toLowerCase()} (bad value): ${JSON.stringify(value)}`,
  });
  return null;
}

function readJson(value: unknown, { jsonAsText }: RowRules): unknown {
  if (!jsonAsText) return value;
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?(?:\d{0,3})?\s*(Z|UTC|[-+]\d{2}:?\d{2})?$/;

/** What a value must be like; undefined is what no reading makes it. */
const READERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  STRING: (value) => String(value),
  BYTES: (value) => (typeof value === 'string' && /^[A-Za-z0-9+/_=-]*$/.test(value) ? value : undefined),
  INT64: (value) => (/^-?\d+$/.test(String(value)) ? String(value) : undefined),
  FLOAT64: (value) => (Number.isNaN(Number(value)) || value === '' ? undefined : Number(value)),
  NUMERIC: (value) => (/^-?\d+(?:\.\d+)?$/.test(String(value)) ? String(value) : undefined),
  BOOL: (value) => (/^(?:true|false)$/i.test(String(value)) ? /^true$/i.test(String(value)) : undefined),
  DATE: (value) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? value : undefined),
  DATETIME: (value) =>
    /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/.test(String(value)) ? value : undefined,
  TIME: (value) => (/^\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/.test(String(value)) ? value : undefined),
  TIMESTAMP: (value) => {
    const seconds = Number(value);
    if (value !== '' && !Number.isNaN(seconds)) return new Date(seconds * 1000).toISOString();
    const found = TIME.exec(String(value));
    if (!found) return undefined;
    const [, day = '', time = '00:00:00', zone = 'Z'] = found;
    return `${day}T${time.length === 5 ? `${time}:00` : time}${zone === 'UTC' ? 'Z' : zone}`;
  },
};

/** Puts rows that were read into one part of a table; they are given as the text of one JSON array. */
export function insertSql(table: Table, part: 'stored' | 'buffer'): string {
  const shape = Object.fromEntries(table.columns.map(({ name, type }) => [name, shapeOf(type)]));
  const columns = table.fields.map(({ name }) => quoted(name)).join(', ');
  const values = table.fields.map((field) => {
    const value = `_row.${quoted(field.name)}`;
    return field.type === 'BYTES' && field.mode !== 'REPEATED' ? `from_base64(${value})` : value;
  });
  const source = `SELECT unnest(from_json(CAST($1 AS JSON), '${JSON.stringify([shape]).replaceAll("'", "''")}')) AS _row`;
  return `INSERT INTO ${table[part]} (${columns}) SELECT ${values.join(', ')} FROM (${source})`;
}

function shapeOf(type: SqlType): unknown {
  if (type.of) return [shapeOf(type.of)];
  if (type.fields) return Object.fromEntries(type.fields.map((field) => [field.name, shapeOf(field.type)]));
  return type.name === 'BYTES' ? 'VARCHAR' : duckType(type);
}
