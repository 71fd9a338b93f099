import {
  checkQuery,
  eventLogDefinition,
  type EventPage,
  type EventQuery,
  type FieldValue,
  limitOf,
  type LogQuery,
  logQueryOfEvents,
  type StoredEntry,
  toLogPage,
} from '@mobkit/core';

import { int64, type QueryParameter, text, texts } from '../client/parameters.js';
import { estimateBytes, query as runQuery } from '../client/query.js';
import { boundsOf, type EventHead } from './event-head.js';
import { EVENT_COLUMNS, toEntry, toEvent } from './event-row.js';
import type { EventTables } from './event-tables.js';
import { conditionOf, nextWindow, type Range, type Window } from './windows.js';

/** What a query of events is checked to be. */
export type CheckedQuery = LogQuery;

/** @throws TypeError for a query that cannot be meant, before anything is asked. */
export function checkedQuery(query: EventQuery, beforeSeq?: number): CheckedQuery {
  const checked = { ...logQueryOfEvents(query), ...(beforeSeq !== undefined && { beforeSeq }) };
  checkQuery(eventLogDefinition, checked);
  limitOf(checked);
  return checked;
}

/** A page of the events that a head says there are. */
export async function readPage(
  tables: EventTables,
  head: EventHead,
  query: CheckedQuery,
): Promise<EventPage> {
  const wanted = limitOf(query) + 1;
  const newest = query.afterSeq === undefined;
  const found: StoredEntry[] = [];
  let range: Range | undefined = rangeOf(head, query);
  // Twice as many partitions each time: what matches is mostly near, and what does not is not asked for piece by piece.
  for (let partitions = 1; range && found.length < wanted; partitions *= 2) {
    const window = nextWindow(head, narrowed(range, query, wanted, newest), { partitions, newest });
    if (!window) break;
    const { sql, parameters } = pageStatement(tables, window, query, wanted - found.length);
    const rows = await runQuery(tables.client, sql, { doing: 'read events', parameters });
    found.push(...rows.map(toEntry));
    range = rest(range, window, newest);
  }
  const { entries, ...page } = toLogPage(found, query, boundsOf(head));
  return { events: entries.map(toEvent), ...page };
}

/** What the first statement of a page would read, in bytes; 0 when there is nothing to ask. */
export async function estimatePage(
  tables: EventTables,
  head: EventHead,
  query: CheckedQuery,
): Promise<number> {
  const wanted = limitOf(query) + 1;
  const newest = query.afterSeq === undefined;
  const range = narrowed(rangeOf(head, query), query, wanted, newest);
  const window = nextWindow(head, range, { partitions: 1, newest });
  if (!window) return 0;
  const { sql, parameters } = pageStatement(tables, window, query, wanted);
  return estimateBytes(tables.client, sql, { doing: 'read events', parameters });
}

function rangeOf(head: EventHead, { afterSeq = 0, beforeSeq = Infinity, sinceMs, untilMs }: LogQuery): Range {
  const fromSeq = Math.max(afterSeq + 1, head.firstSeq);
  return { fromSeq, toSeq: Math.min(beforeSeq - 1, head.lastSeq), sinceMs, untilMs };
}

/** Without a filter as many numbers are enough as events are wanted: there is one for each. */
function narrowed(range: Range, { where = {} }: LogQuery, wanted: number, newest: boolean): Range {
  const filtered = Object.values(where).some((value) => value !== undefined);
  if (filtered || range.sinceMs !== undefined || range.untilMs !== undefined) return range;
  return newest
    ? { ...range, fromSeq: Math.max(range.fromSeq, range.toSeq - wanted + 1) }
    : { ...range, toSeq: Math.min(range.toSeq, range.fromSeq + wanted - 1) };
}

function rest(range: Range, { fromSeq, toSeq }: Window, newest: boolean): Range | undefined {
  const left = newest ? { ...range, toSeq: fromSeq - 1 } : { ...range, fromSeq: toSeq + 1 };
  return left.fromSeq > left.toSeq ? undefined : left;
}

function pageStatement(tables: EventTables, window: Window, query: LogQuery, wanted: number) {
  const counting = conditionOf(window);
  const { sql: filters, parameters } = filtersOf(query);
  // A row that was sent twice, since an answer was lost, counts once.
  const sql =
    `SELECT ${EVENT_COLUMNS} FROM ${tables.events.sql} WHERE ${[counting.sql, ...filters].join(' AND ')} ` +
    'QUALIFY ROW_NUMBER() OVER (PARTITION BY seq, fence ORDER BY written_ms) = 1 ' +
    `ORDER BY seq ${query.afterSeq === undefined ? 'DESC' : 'ASC'} LIMIT @row_limit`;
  const rowLimit = int64(Math.min(wanted, window.toSeq - window.fromSeq + 1));
  return { sql, parameters: { ...counting.parameters, ...parameters, row_limit: rowLimit } };
}

function filtersOf({ where = {}, sinceMs, untilMs }: LogQuery) {
  const sql: string[] = [];
  const parameters: Record<string, QueryParameter> = {};
  if (sinceMs !== undefined) {
    sql.push('timestamp_ms >= @since_ms');
    parameters['since_ms'] = int64(sinceMs);
  }
  if (untilMs !== undefined) {
    sql.push('timestamp_ms < @until_ms');
    parameters['until_ms'] = int64(untilMs);
  }
  // The names are those of the definition, which was checked.
  for (const [field, value] of Object.entries(where)) {
    if (value === undefined) continue;
    sql.push(Array.isArray(value) ? `${field} IN UNNEST(@${field})` : `${field} = @${field}`);
    parameters[field] = Array.isArray(value)
      ? texts(value.map((one: FieldValue) => String(one)))
      : text(String(value));
  }
  return { sql, parameters };
}
