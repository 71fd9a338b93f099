import type { core } from 'zod';

import { type CheckedDefinition, definitionSchema } from './definition-schema.js';
import { error, type Finding, warning } from './finding.js';
import { documentPath, type Path } from './path.js';
import { isTable } from './plain-data.js';

/** A value held against the schema: `definition` when it is one, and what is wrong or doubtful in its shape. */
export interface CheckedShape {
  readonly definition?: CheckedDefinition;
  readonly findings: readonly Finding[];
}

/** Holds the JSON form of a definition against the schema. Keys nobody reads are a warning, not an error. */
export function checkShape(given: unknown): CheckedShape {
  const parsed = definitionSchema.safeParse(given);
  if (parsed.success) return { definition: parsed.data, findings: [] };
  const findings = parsed.error.issues.flatMap((issue) => toFindings(issue, given));
  // The schema checks and changes nothing: with nothing but unknown keys against it, the value is a definition.
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  return { definition: given as CheckedDefinition, findings };
}

function toFindings(issue: core.$ZodIssue, given: unknown): Finding[] {
  const path = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      warning('unknown_key', documentPath([...path, key]), 'Nothing reads this key: is it misspelt?'),
    );
  }
  return [error('invalid_value', documentPath(path), describe(issue, valueAt(given, path)))];
}

function describe(issue: core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return found === undefined
        ? `is missing: give it ${TYPES[issue.expected] ?? issue.expected}`
        : `is ${show(found)}: give it ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `is ${show(found)}: give it ${listed(issue.values)}`;
    case 'invalid_union':
    case 'invalid_format':
      return `is ${show(found)}: ${issue.message}`;
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a table',
  record: 'a table',
  string: 'a text',
};

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isTable(value)) return 'a table';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (within, segment) =>
      typeof within === 'object' && within !== null && Object.hasOwn(within, segment)
        ? (within as Readonly<Record<string | number, unknown>>)[segment]
        : undefined,
    value,
  );
}
