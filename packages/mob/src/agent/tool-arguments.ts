import type { LlmToolDefinition } from '@mobkit/core/mob';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** What others wrote may name keywords and formats of their own, which are let pass. */
const ajv = new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false, logger: false });

/** By input schema. Undefined for one that this cannot read, e.g. of an older draft: then the tool checks for itself. */
const compiled = new WeakMap<object, ValidateFunction | undefined>();

/** What is wrong with the arguments of a call; undefined when nothing is. */
export function argumentProblem({ name, inputSchema }: LlmToolDefinition, args: unknown): string | undefined {
  if (!compiled.has(inputSchema)) compiled.set(inputSchema, compile(inputSchema));
  const validate = compiled.get(inputSchema);
  if (!validate || validate(args)) return undefined;
  return `The arguments do not fit "${name}": ${ajv.errorsText(validate.errors, { dataVar: 'args' })}`;
}

function compile(schema: object): ValidateFunction | undefined {
  // Not one that answers later: nobody would wait, and what it then throws would end the process.
  const own = { ...schema, $async: false };
  try {
    return ajv.compile(own);
  } catch {
    return undefined;
  } finally {
    // It keeps what it compiled for ever otherwise, and servers list their tools anew whenever they like.
    ajv.removeSchema(own);
  }
}
