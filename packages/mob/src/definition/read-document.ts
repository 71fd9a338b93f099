import type { Diagnostic } from '@mobkit/core/mob';

import { walkJson } from './json-locations.js';
import { parseToml } from './parse-toml.js';
import { formatPath, type Path } from './path.js';
import { MAX_DEPTH } from './plain-data.js';
import { type Position, positionAt } from './position.js';
import { locateToml } from './toml-locations.js';

/** A text in either format, read. */
export type ReadDocument =
  | { readonly data: unknown; readonly positionOf: PositionOf }
  /** The text breaks the rules of its format. */
  | { readonly broken: Diagnostic };

/** Where in the text a path is; of one that is not there, where the nearest that holds it is. */
export type PositionOf = (path: Path) => Position | undefined;

export function readToml(text: string): ReadDocument {
  const parsed = parseToml(text);
  if (!('data' in parsed)) return { broken: broken('invalid_toml', parsed.message, parsed.position) };
  return { data: parsed.data, positionOf: findPosition(text, locateToml(text)) };
}

export function readJson(given: string): ReadDocument {
  // The byte order mark that some editors write is not part of the text.
  const text = given.replace(/^\uFEFF/, '');
  const walked = walkJson(text, MAX_DEPTH);
  if (walked.broken) {
    const { message, offset } = walked.broken;
    return { broken: broken('invalid_json', message, positionAt(text, offset)) };
  }
  return { data: JSON.parse(text), positionOf: findPosition(text, walked.offsets) };
}

function findPosition(text: string, offsets: ReadonlyMap<string, number>): PositionOf {
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = offsets.get(formatPath(path.slice(0, length)));
      if (offset !== undefined) return positionAt(text, offset);
    }
    return undefined;
  };
}

function broken(code: string, message: string, position: Position): Diagnostic {
  return { code, message, ...position, severity: 'error' };
}
