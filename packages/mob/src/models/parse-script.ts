import { MobError } from '@mobkit/core';
import { z } from 'zod';

import { parseToml } from '../definition/parse-toml.js';
import { findUnstorable } from '../definition/plain-data.js';
import { compileScript } from './compile-script.js';
import { scriptError } from './script-error.js';
import type { Script } from './script.js';

const callSchema = z.strictObject({
  tool: z.string().min(1),
  args: z.record(z.string(), z.unknown()).exactOptional(),
});

const schema = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        role: z.string().exactOptional(),
        identity: z.string().exactOptional(),
        input: z.string().exactOptional(),
        seen: z.array(z.string()).exactOptional(),
        since: z.string().exactOptional(),
        steps: z.array(
          z.strictObject({ text: z.string().exactOptional(), calls: z.array(callSchema).exactOptional() }),
        ),
      }),
    )
    .default([]),
});

/**
 * Reads a script in TOML: `[[rules]]`, with the keys of `ScriptRule`. An empty text is a script without rules.
 *
 * @throws MobError `MOB_CONFIG_INVALID`, naming the field that is wrong (`details.field`, like `rules[0].input`, and
 * `details.rule`, from 0), or the place where the text is no TOML (`details.line`, `details.column`).
 */
export function parseScript(text: string): Script {
  const parsed = schema.safeParse(readToml(text));
  if (!parsed.success) throw shapeError(parsed.error);
  const script: Script = parsed.data;
  compileScript(script);
  return script;
}

function readToml(text: string): unknown {
  const parsed = parseToml(text);
  if ('data' in parsed) {
    const [unusable] = findUnstorable(parsed.data);
    if (unusable) throw scriptError(unusable.path, unusable.message);
    return parsed.data;
  }
  const { line, column } = parsed.position;
  throw new MobError(
    'MOB_CONFIG_INVALID',
    `The script is no TOML at line ${line}, column ${column}: ${parsed.message}`,
    { details: { line, column } },
  );
}

function shapeError(cause: z.ZodError): MobError {
  const [issue] = cause.issues;
  const path = (issue?.path ?? []).filter((segment) => typeof segment !== 'symbol');
  if (issue?.code !== 'unrecognized_keys') return scriptError(path, issue?.message ?? cause.message, cause);
  return scriptError([...path, issue.keys[0] ?? ''], 'there is no such key', cause);
}
