import { parse, TomlError } from 'smol-toml';

import { MAX_DEPTH, toPlainData } from './plain-data.js';
import type { Position } from './position.js';

/** Reads TOML as plain data, dates as their text; or says why it is none, and where. */
export function parseToml(
  text: string,
): { readonly data: unknown } | { readonly message: string; readonly position: Position } {
  try {
    return { data: toPlainData(parse(text, { maxDepth: MAX_DEPTH })) };
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const { line, column } = cause;
    // What follows the first line is a drawing of the place.
    const [message = ''] = cause.message.replace(/^Invalid TOML document: /, '').split('\n');
    return { message, position: { line, column } };
  }
}
