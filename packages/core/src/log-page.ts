import type { LogBounds, LogPage, LogQuery, StoredEntry } from './ordered-log.js';

const DEFAULT_LIMIT = 256;

/** How many a query asks for at most. */
export function limitOf({ limit = DEFAULT_LIMIT }: { readonly limit?: number }): number {
  if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new TypeError(`limit is not a whole number from 0: ${limit}`);
}

/**
 * Makes the page every store answers with.
 *
 * @param found - what matches, in reading order: ascending when `afterSeq` is given, else descending. The store has
 * looked for one more than `limitOf(query)`, which is how `more` is known.
 * @param bounds - read at the same moment as `found`: no later entry may be in it, no earlier one missing.
 */
export function toLogPage(found: readonly StoredEntry[], query: LogQuery, bounds: LogBounds): LogPage {
  const limit = limitOf(query);
  const entries = found.slice(0, limit);
  const more = found.length > limit;
  const frontier = Math.min(bounds.lastSeq, (query.beforeSeq ?? Infinity) - 1);
  const { firstSeq, lastSeq } = bounds;
  if (query.afterSeq === undefined) {
    return { entries: entries.toReversed(), firstSeq, lastSeq, scannedTo: frontier, more };
  }
  const scannedTo = more ? (entries.at(-1)?.seq ?? query.afterSeq) : frontier;
  return { entries, firstSeq, lastSeq, scannedTo, more };
}
