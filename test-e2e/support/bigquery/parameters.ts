import { invalid, invalidQuery } from './refusal.js';
import type { SqlType } from './sql/tree.js';
import { duckType, quoted, text } from './sql/types.js';

/** A parameter as the wire has it. */
export interface QueryParameter {
  readonly name?: string;
  readonly parameterType?: ParameterType;
  readonly parameterValue?: ParameterValue;
}

interface ParameterType {
  readonly type: string;
  readonly arrayType?: ParameterType;
  readonly structTypes?: readonly { readonly name: string; readonly type: ParameterType }[];
}

interface ParameterValue {
  readonly value?: string | null;
  readonly arrayValues?: readonly ParameterValue[];
  readonly structValues?: Readonly<Record<string, ParameterValue>>;
}

const NAMES: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

/** The parameters by their names in small letters, as types and values of DuckDB. @throws Refusal */
export function parametersOf(given: readonly QueryParameter[]) {
  const parameters = new Map<string, { readonly type: SqlType; readonly sql: string }>();
  for (const { name, parameterType, parameterValue } of given) {
    if (!name) throw invalidQuery('Only named parameters are known here');
    if (!parameterType) throw invalid(`Query parameter '${name}' has no type`);
    const type = typeOf(parameterType);
    parameters.set(name.toLowerCase(), { type, sql: valueOf(name, type, parameterValue ?? {}) });
  }
  return parameters;
}

function typeOf(type: ParameterType): SqlType {
  if (type.arrayType) return { name: 'ARRAY', of: typeOf(type.arrayType) };
  if (type.structTypes) {
    return {
      name: 'STRUCT',
      fields: type.structTypes.map((field) => ({ name: field.name, type: typeOf(field.type) })),
    };
  }
  const name = type.type.toUpperCase();
  return { name: NAMES[name] ?? name };
}

const PATTERNS: Readonly<Record<string, RegExp>> = {
  INT64: /^-?\d+$/,
  FLOAT64: /^(?:-?\d+\.?\d*(?:[eE][-+]?\d+)?|NaN|-?Infinity)$/,
  BOOL: /^(?:true|false)$/i,
  TIMESTAMP:
    /^\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[-+]\d{2}(?::?\d{2})?| ?UTC)?$/,
  DATE: /^\d{4}-\d{1,2}-\d{1,2}$/,
};

function valueOf(name: string, type: SqlType, given: ParameterValue): string {
  const duck = duckType(type);
  if (type.of) {
    const { of } = type;
    return `CAST([${(given.arrayValues ?? []).map((item) => valueOf(name, of, item)).join(', ')}] AS ${duck})`;
  }
  if (type.fields) {
    if (!given.structValues) return `CAST(NULL AS ${duck})`;
    const fields = type.fields.map(
      (field) =>
        `${quoted(field.name)} := ${valueOf(name, field.type, given.structValues?.[field.name] ?? {})}`,
    );
    return `struct_pack(${fields.join(', ')})`;
  }
  const { value } = given;
  if (value === undefined || value === null) return `CAST(NULL AS ${duck})`;
  if (PATTERNS[type.name]?.test(value) === false) {
    throw invalid(`Invalid value for parameter ${name}: ${value} is no ${type.name}`);
  }
  if (type.name === 'BYTES') return `from_base64(${text(value)})`;
  return `CAST(${text(value)} AS ${duck})`;
}
