import { type LogDefinition, type LogQuery, limitOf } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Session, type Statement } from './database.js';
import { rarestField } from './rarest-field.js';
import { logColumns, whereFields } from './rows.js';

/** Beyond so many values, looking at every entry is no worse than looking each value up. */
const MAX_BRANCHES = 32;

/**
 * The query for the entries of a page and one more.
 *
 * @param direction - `asc` reads the oldest, `desc` the newest.
 */
export function matchEntries(
  session: Session,
  definition: LogDefinition,
  partition: string,
  query: LogQuery,
  direction: 'asc' | 'desc',
): Statement {
  const { afterSeq, beforeSeq, sinceMs, untilMs, where = {} } = query;
  const limit = limitOf(query) + 1;
  const columns = [...logColumns, ...(query.withoutFields ? [] : Object.keys(definition.fields))];
  const candidates = Object.entries(where).flatMap(([field, wanted]) => {
    const values = wanted === undefined ? [] : [...new Set([wanted].flat())];
    return values.length > 0 && values.length <= MAX_BRANCHES ? [{ field, values }] : [];
  });
  const lookedUp = rarestField(session, definition, partition, query, direction, candidates);
  const [value, ...others] = lookedUp?.values ?? [];
  if (lookedUp === undefined || value === undefined) return matching().select(columns).compile();
  if (others.length === 0)
    return matching({ [lookedUp.field]: value })
      .select(columns)
      .compile();
  // For any of several values SQLite would look at every entry, or sort all that match. Looked up value by value, each
  // comes from its index in order, and no more of it than a page; only the rows of the page are read whole.
  const ofEach = [value, ...others].map((one) => {
    const branch = matching({ [lookedUp.field]: one }).select([sql`rowid`.as('at'), 'seq']);
    return build.selectFrom(branch.as('branch')).selectAll();
  });
  const all = ofEach
    .reduce((union, one) => union.unionAll(one))
    .orderBy('seq', direction)
    .limit(limit);
  return build
    .selectFrom(definition.name)
    .select(columns)
    .where(sql<boolean>`rowid in ${build.selectFrom(all.as('page')).select('at')}`)
    .orderBy('seq', direction)
    .compile();

  /** What matches, by the index of the one field that is looked up; of the others the planner is not to take one. */
  function matching(lookUp: LogQuery['where'] = {}) {
    const rest = Object.entries(where).filter(([field]) => !Object.hasOwn(lookUp, field));
    let select = build.selectFrom(definition.name).where('partition', '=', partition);
    if (afterSeq !== undefined) select = select.where('seq', '>', afterSeq);
    if (beforeSeq !== undefined) select = select.where('seq', '<', beforeSeq);
    if (sinceMs !== undefined) select = select.where('timestamp_ms', '>=', sinceMs);
    if (untilMs !== undefined) select = select.where('timestamp_ms', '<', untilMs);
    return select
      .where(whereFields(lookUp))
      .where(whereFields(Object.fromEntries(rest), 'by looking'))
      .orderBy('seq', direction)
      .limit(limit);
  }
}
