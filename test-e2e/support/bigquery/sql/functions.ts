import { invalidQuery } from '../refusal.js';
import { TIMES } from './time-functions.js';
import type { Expression } from './tree.js';
import type { Written } from './written.js';

function plain(name: string, least: number, most = least, returns?: string): Written {
  return { least, most, write: (args) => `${name}(${args.join(', ')})`, ...(returns && { returns }) };
}

function group(name: string, returns?: string, least = 1, most = least): Written {
  return { ...plain(name, least, most, returns), over: 'group' };
}

function window(name: string, least: number, most: number, returns?: string): Written {
  return { ...plain(name, least, most, returns), over: 'window' };
}

const MANY = 1000;

const scalar = (json: string, path: string) =>
  `(CASE WHEN json_type(${json}, ${path}) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(${json}, ${path}) END)`;

const FUNCTIONS: Readonly<Record<string, Written>> = {
  ...TIMES,
  COUNT: group('count', 'INT64'),
  COUNTIF: { ...group('count_if', 'INT64'), write: ([of]) => `CAST(count_if(${of}) AS BIGINT)` },
  SUM: { ...group('sum'), write: ([of]) => `sum(${of})` },
  AVG: group('avg', 'FLOAT64'),
  MIN: group('min'),
  MAX: group('max'),
  MAX_BY: group('arg_max', undefined, 2),
  MIN_BY: group('arg_min', undefined, 2),
  ANY_VALUE: group('any_value'),
  ARRAY_AGG: group('list', 'ARRAY'),
  STRING_AGG: group('string_agg', 'STRING', 1, 2),
  LOGICAL_OR: group('bool_or', 'BOOL'),
  LOGICAL_AND: group('bool_and', 'BOOL'),
  APPROX_COUNT_DISTINCT: group('approx_count_distinct', 'INT64'),
  ROW_NUMBER: window('row_number', 0, 0, 'INT64'),
  RANK: window('rank', 0, 0, 'INT64'),
  DENSE_RANK: window('dense_rank', 0, 0, 'INT64'),
  LAG: window('lag', 1, 3),
  LEAD: window('lead', 1, 3),
  FIRST_VALUE: window('first_value', 1, 1),
  LAST_VALUE: window('last_value', 1, 1),
  COALESCE: plain('coalesce', 1, MANY),
  IFNULL: plain('coalesce', 2),
  NULLIF: plain('nullif', 2),
  GREATEST: plain('greatest', 1, MANY),
  LEAST: plain('least', 1, MANY),
  IF: {
    least: 3,
    most: 3,
    write: ([when, then, otherwise]) => `(CASE WHEN ${when} THEN ${then} ELSE ${otherwise} END)`,
  },
  CONCAT: { least: 1, most: MANY, returns: 'STRING', write: (args) => `(${args.join(' || ')})` },
  LOWER: plain('lower', 1, 1, 'STRING'),
  UPPER: plain('upper', 1, 1, 'STRING'),
  TRIM: plain('trim', 1, 2, 'STRING'),
  LENGTH: plain('length', 1, 1, 'INT64'),
  CHAR_LENGTH: plain('length', 1, 1, 'INT64'),
  BYTE_LENGTH: plain('strlen', 1, 1, 'INT64'),
  SUBSTR: plain('substr', 2, 3, 'STRING'),
  STRPOS: plain('strpos', 2, 2, 'INT64'),
  REPLACE: plain('replace', 3, 3, 'STRING'),
  STARTS_WITH: plain('starts_with', 2, 2, 'BOOL'),
  ENDS_WITH: plain('ends_with', 2, 2, 'BOOL'),
  REGEXP_CONTAINS: plain('regexp_matches', 2, 2, 'BOOL'),
  ABS: plain('abs', 1),
  MOD: plain('mod', 2),
  DIV: { least: 2, most: 2, returns: 'INT64', write: ([a, b]) => `(${a} // ${b})` },
  FLOOR: plain('floor', 1, 1, 'FLOAT64'),
  CEIL: plain('ceil', 1, 1, 'FLOAT64'),
  ROUND: plain('round', 1, 2),
  SAFE_DIVIDE: { least: 2, most: 2, returns: 'FLOAT64', write: ([a, b]) => `(${a} / nullif(${b}, 0))` },
  GENERATE_UUID: { least: 0, most: 0, returns: 'STRING', write: () => 'CAST(uuid() AS VARCHAR)' },
  ARRAY_LENGTH: plain('len', 1, 1, 'INT64'),
  ARRAY_CONCAT: plain('list_concat', 2, 2, 'ARRAY'),
  GENERATE_ARRAY: plain('generate_series', 2, 3, 'ARRAY'),
  ERROR: plain('error', 1),
  PARSE_JSON: { least: 1, most: 1, returns: 'JSON', write: ([of]) => `CAST(${of} AS JSON)` },
  TO_JSON: plain('to_json', 1, 1, 'JSON'),
  TO_JSON_STRING: {
    least: 1,
    most: 1,
    returns: 'STRING',
    write: ([of]) => `CAST(to_json(${of}) AS VARCHAR)`,
  },
  JSON_VALUE: { least: 1, most: 2, returns: 'STRING', write: ([of, path = "'$'"]) => scalar(`${of}`, path) },
  JSON_EXTRACT_SCALAR: {
    least: 1,
    most: 2,
    returns: 'STRING',
    write: ([of, path = "'$'"]) => scalar(`${of}`, path),
  },
  JSON_QUERY: { least: 1, most: 2, write: ([of, path = "'$'"]) => `json_extract(${of}, ${path})` },
  JSON_EXTRACT: { least: 1, most: 2, write: ([of, path = "'$'"]) => `json_extract(${of}, ${path})` },
};

export function functionOf(name: string): Written {
  const found = FUNCTIONS[name];
  if (!found) throw invalidQuery(`Function not found: ${name}`);
  return found;
}

/** A part of a time that is an argument, e.g. `DAY`. */
export function isPart(call: string, args: readonly Expression[], index: number): boolean {
  return /_(?:TRUNC|DIFF)$/.test(call) && index === args.length - 1;
}
