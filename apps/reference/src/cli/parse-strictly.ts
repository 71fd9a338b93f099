import { parseArgs } from 'node:util';

import { usageError } from './usage.js';

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'] & {};

type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>;

/**
 * The options and the arguments of a command: so many of them, and nothing that is blank or unknown.
 *
 * @throws MobError `mobkit/usage`.
 */
export function parseStrictly<const O extends Options>(
  name: string,
  args: readonly string[],
  options: O,
  atLeast: number,
  atMost: number,
): Parsed<O> {
  const given = parsed(name, args, options);
  const { length } = given.positionals;
  if (length < atLeast)
    throw usageError(`${name} needs ${atLeast} argument${atLeast > 1 ? 's' : ''}, got ${length}`);
  for (const [option, value] of Object.entries(given.values)) {
    if (typeof value === 'string' && value.trim() === '') throw usageError(`--${option} needs a value`);
  }
  if (given.positionals.includes('')) throw usageError(`${name} does not take an empty argument`);
  if (length > atMost) throw usageError(`${name} does not take "${given.positionals[atMost]}"`);
  return given;
}

function parsed<const O extends Options>(name: string, args: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw usageError(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
