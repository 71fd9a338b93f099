import { errorText } from '@mobkit/core';

import { compileSchema, isSchemaText } from '../flows/output-schema.js';
import { error, type Finding, warning } from './finding.js';
import type { FlowSteps } from './flow-schema.js';
import type { Path } from './path.js';

/** Checks what steps say about their outputs. A schema that is a file is for whoever reads files. */
export function checkSchemas(steps: FlowSteps, flow: Path): Finding[] {
  return Object.entries(steps).flatMap(([id, { expected_schema_ref: schema, output_format: format }]) => {
    if (schema === undefined) {
      if (format !== 'json') return [];
      const message = 'The answers must be JSON and no schema says of what kind: give it expected_schema_ref';
      return [warning('json_output_without_schema', [...flow, id, 'output_format'], message)];
    }
    if (!isSchemaText(schema)) return [];
    try {
      compileSchema(schema);
      return [];
    } catch (cause) {
      const message = `The schema cannot be used: ${errorText(cause)}`;
      return [error('flow_invalid_schema', [...flow, id, 'expected_schema_ref'], message)];
    }
  });
}
