import { type LogDefinition, type LogQuery, limitOf, type Where } from '@mobkit/core';

import { build, type Statement } from './database.js';
import { logColumns, whereFields } from './rows.js';

/** Beyond so many values, looking at every entry is no worse than looking each value up. */
const MAX_BRANCHES = 32;

/**
 * The query for the entries of a page and one more.
 *
 * @param direction - `asc` reads the oldest, `desc` the newest.
 */
export function matchEntries(
  definition: LogDefinition,
  partition: string,
  query: LogQuery,
  direction: 'asc' | 'desc',
): Statement {
  const limit = limitOf(query) + 1;
  const [first = query.where, ...others] = eachValue(query.where);
  if (others.length === 0) return branch(first).compile();
  // For any of several values SQLite would look at every entry, or sort all that match. Looked up value by value, each
  // comes from its index in order, and no more of it than a page.
  const all = (where: Where | undefined) => build.selectFrom(branch(where).as('branch')).selectAll();
  return others
    .reduce((union, where) => union.unionAll(all(where)), all(first))
    .orderBy('seq', direction)
    .limit(limit)
    .compile();

  function branch(where: Where | undefined) {
    const { afterSeq, beforeSeq, sinceMs, untilMs } = query;
    let select = build
      .selectFrom(definition.name)
      .select([...logColumns, ...Object.keys(definition.fields)])
      .where('partition', '=', partition);
    if (afterSeq !== undefined) select = select.where('seq', '>', afterSeq);
    if (beforeSeq !== undefined) select = select.where('seq', '<', beforeSeq);
    if (sinceMs !== undefined) select = select.where('timestamp_ms', '>=', sinceMs);
    if (untilMs !== undefined) select = select.where('timestamp_ms', '<', untilMs);
    return select.where(whereFields(where)).orderBy('seq', direction).limit(limit);
  }
}

/** The conditions with one list taken apart, so that together they match the same. */
function eachValue(where: Where = {}): readonly Where[] {
  for (const [field, wanted] of Object.entries(where)) {
    if (!Array.isArray(wanted)) continue;
    const values = [...new Set(wanted)];
    if (values.length > 0 && values.length <= MAX_BRANCHES) {
      return values.map((value) => ({ ...where, [field]: value }));
    }
  }
  return [where];
}
