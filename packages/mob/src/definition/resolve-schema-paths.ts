import { resolve } from 'node:path';

import { errorText } from '@mobkit/core';
import type { Diagnostic, FlowDefinition, FlowStep, MobDefinition } from '@mobkit/core/mob';

import { compileSchema, isSchemaText } from '../flows/output-schema.js';
import { error, toDiagnostic } from './finding.js';
import type { Path } from './path.js';
import type { PositionOf } from './read-document.js';

/** A definition whose schemas were files. */
export interface ResolvedSchemas {
  /** The given one with the text of every schema that could be read. */
  readonly definition: MobDefinition;
  /** `missing_schema_file` and `flow_invalid_schema`, errors, for every one that could not. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Puts the text of schemas that flow steps name by their files into the definition, so that what is stored needs no other
 * file. Parameters as those of `resolveSkillPaths`.
 */
export function resolveSchemaPaths(
  definition: MobDefinition,
  readFile: (path: string) => string,
  baseDirectory: string,
  positionOf?: PositionOf,
): ResolvedSchemas {
  if (!definition.flows) return { definition, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, path: Path, message: string) =>
    void diagnostics.push(toDiagnostic(error(code, path, message), positionOf?.(path)));
  const inline = (step: FlowStep, path: Path): FlowStep => {
    const { expected_schema_ref: schema } = step;
    if (schema === undefined || isSchemaText(schema)) return step;
    const file = resolve(baseDirectory, schema);
    let text: string;
    try {
      text = readFile(file);
    } catch (cause) {
      report('missing_schema_file', path, `Cannot read the schema from ${file}: ${errorText(cause)}`);
      return step;
    }
    try {
      compileSchema(text);
    } catch (cause) {
      report('flow_invalid_schema', path, `The schema in ${file} cannot be used: ${errorText(cause)}`);
    }
    return { ...step, expected_schema_ref: text };
  };
  const flows = mapValues(definition.flows, (flow: FlowDefinition, id) => ({
    ...flow,
    steps: mapValues(flow.steps, (step, stepId) =>
      inline(step, ['flows', id, 'steps', stepId, 'expected_schema_ref']),
    ),
  }));
  return { definition: { ...definition, flows }, diagnostics };
}

function mapValues<T>(
  table: Readonly<Record<string, T>>,
  change: (value: T, key: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value, key)]));
}
