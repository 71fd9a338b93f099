import type { Diagnostic, MobDefinition } from '@mobkit/core/mob';

import { findProblems } from './check-definition.js';
import { error, type Finding, toDiagnostic, warning } from './finding.js';
import type { Path } from './path.js';
import { isTable } from './plain-data.js';
import { type PositionOf, readJson, readToml } from './read-document.js';

/** How a definition is written. */
export interface ParseDefinitionOptions {
  readonly format: 'toml' | 'json';
}

/** A definition as far as it could be read, and what is to be said about it. */
export interface ParsedDefinition {
  /** As it was written, in its JSON form; absent when a diagnostic is an error. */
  readonly definition?: MobDefinition;
  /** In the order of the text; what has no line comes first. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where in the text a path is; of one that is not there, where the nearest that holds it is. */
  readonly positionOf: PositionOf;
}

/**
 * Reads the text of a definition and checks it. The same mob in TOML, where `id` and `orchestrator` stand in a table
 * `[mob]`, and in JSON, where they stand on top, gives the same definition. Never throws for what is in the text: broken
 * text gives one diagnostic, `invalid_toml` or `invalid_json`, with line and column.
 */
export function parseMobDefinition(text: string, { format }: ParseDefinitionOptions): ParsedDefinition {
  const read = format === 'toml' ? readToml(text) : readJson(text);
  if ('broken' in read) return { diagnostics: [read.broken], positionOf: () => undefined };
  const unwrapped = format === 'toml' ? unwrapToml(read.data) : unwrapJson(read.data);
  const toPath = format === 'toml' ? (path: Path) => path : jsonPath;
  const positionOf: PositionOf = (path) => read.positionOf(toPath(path));
  const problems = unwrapped.form ? findProblems(unwrapped.form) : [];
  const diagnostics = [...unwrapped.findings, ...problems]
    .map((finding) => toDiagnostic({ ...finding, path: toPath(finding.path) }, positionOf(finding.path)))
    .toSorted(byPosition);
  const isBroken = diagnostics.some(({ severity }) => severity === 'error');
  // Safe: the schema has seen it.
  const definition = isBroken ? undefined : (unwrapped.form as MobDefinition | undefined);
  return { ...(definition && { definition }), diagnostics, positionOf };
}

/** The one form both formats come to; absent when the document has no place for what belongs on top of it. */
interface Unwrapped {
  readonly form?: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

function unwrapToml(data: unknown): Unwrapped {
  const { mob, ...rest } = isTable(data) ? data : {};
  if (!isTable(mob)) {
    const message =
      mob === undefined ? 'is missing: give it a table [mob] with an id' : 'is no table: write [mob]';
    return { findings: [error('invalid_value', ['mob'], message)] };
  }
  const { id, orchestrator, ...unknown } = mob;
  const findings = Object.keys(unknown).map((key) =>
    warning('unknown_key', ['mob', key], 'Nothing reads this key: is it misspelt?'),
  );
  return { form: withDefaults({ ...rest, id, orchestrator }), findings };
}

function unwrapJson(data: unknown): Unwrapped {
  if (isTable(data)) return { form: withDefaults(data), findings: [] };
  return { findings: [error('invalid_value', [], 'A definition is an object')] };
}

/** The short spelling of the orchestrator, and no profiles at all, get the form the schema knows. */
function withDefaults({ orchestrator, profiles = {}, ...rest }: Readonly<Record<string, unknown>>) {
  const table = typeof orchestrator === 'string' ? { profile: orchestrator } : orchestrator;
  return { ...rest, ...(table !== undefined && { orchestrator: table }), profiles };
}

function jsonPath(path: Path): Path {
  return path[0] === 'mob' ? path.slice(1) : path;
}

function byPosition(one: Diagnostic, other: Diagnostic): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
