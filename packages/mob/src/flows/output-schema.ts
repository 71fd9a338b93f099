import { Ajv, type SchemaObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** Whether a reference to a schema is the schema itself, and not the path of a file. */
export function isSchemaText(reference: string): boolean {
  return reference.trimStart().startsWith('{');
}

/**
 * Says what in a value the schema does not take; undefined when it takes it.
 *
 * @param schema - As JSON text; draft 7 when its `$schema` says so, else 2020-12.
 * @throws what keeps the schema from being used.
 */
export function compileSchema(schema: string): (value: unknown) => string | undefined {
  // Not one that answers later: nobody would wait.
  const parsed: SchemaObject = { ...(JSON.parse(schema) as SchemaObject), $async: false };
  const draft7 = /draft-0[67]/.test(String(parsed.$schema));
  const options = { strict: false, allErrors: false, validateFormats: false, logger: false } as const;
  const validate: ValidateFunction = draft7
    ? new Ajv(options).compile(parsed)
    : new Ajv2020(options).compile(parsed);
  return (value) => {
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    return `${first?.instancePath || 'it'} ${first?.message ?? 'is something else'}`;
  };
}
