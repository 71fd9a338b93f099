import type { MobDefinition } from '@mobkit/core/mob';

import { comparePaths, documentPath, formatPath, type Path } from './path.js';
import { isTable } from './plain-data.js';

/** A place where two definitions differ. */
export interface DefinitionChange {
  /** Path-like, as in diagnostics: `profiles.worker.model`, `mob.id`. */
  readonly path: string;
  /** What the stored one has there; absent when it has nothing. */
  readonly stored?: unknown;
  /** What the given one has there; absent when it has nothing. */
  readonly given?: unknown;
}

/**
 * Where a definition differs from the one that is stored, as deep as both have something there, sorted by path. The order
 * of keys does not count, that of lists does; a key that is `undefined` counts as absent. Empty when they are the same.
 */
export function describeChanges(stored: MobDefinition, given: MobDefinition): DefinitionChange[] {
  return compare(stored, given, [])
    .map((change) => ({ ...change, at: documentPath(change.at) }))
    .toSorted((one, other) => comparePaths(one.at, other.at))
    .map(({ at, ...change }) => ({ path: formatPath(at), ...change }));
}

type Change = Omit<DefinitionChange, 'path'> & { readonly at: Path };

function compare(stored: unknown, given: unknown, at: Path): Change[] {
  if (Array.isArray(stored) && Array.isArray(given)) {
    const longest = Array.from({ length: Math.max(stored.length, given.length) });
    return longest.flatMap((_, place) => compare(stored[place], given[place], [...at, place]));
  }
  if (isTable(stored) && isTable(given)) {
    const keys = new Set([...Object.keys(stored), ...Object.keys(given)]);
    return [...keys].flatMap((key) => compare(own(stored, key), own(given, key), [...at, key]));
  }
  if (stored === given) return [];
  return [{ at, ...(stored !== undefined && { stored }), ...(given !== undefined && { given }) }];
}

function own(table: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
