import type { TableName } from '../client/names.js';

// Statements hold checked names and parameters, and nothing else. A row that was sent again is in the table twice: the one
// that came first counts. Of a session the greatest time counts; of several rows of one time the one appended last.

const COLUMNS = 'session_id, updated_at_ms, deleted, payload, labels_json, row_id, appended_us';
const FIRST_OF_EQUALS = 'QUALIFY ROW_NUMBER() OVER (PARTITION BY row_id ORDER BY appended_us) = 1';
const LATEST_OF_SESSION =
  'QUALIFY ROW_NUMBER() OVER (PARTITION BY session_id ORDER BY updated_at_ms DESC, appended_us DESC, row_id DESC) = 1';

/** Parameters: `updated_at_ms`, `appended_us` and `row_id` of the place after which to begin, `limit`; `session` when asked for. */
export function historyStatement({ sql }: TableName, ofSession: boolean): string {
  return `
SELECT ${COLUMNS} FROM (
  SELECT ${COLUMNS} FROM ${sql}
  WHERE updated_at_ms >= @updated_at_ms${ofSession ? ' AND session_id = @session' : ''}
  ${FIRST_OF_EQUALS}
)
WHERE updated_at_ms > @updated_at_ms
  OR appended_us > @appended_us
  OR (appended_us = @appended_us AND row_id > @row_id)
ORDER BY updated_at_ms, appended_us, row_id
LIMIT @limit`.trim();
}

/** Parameters: `after`, a session id, and `limit`. */
export function latestStatement({ sql }: TableName, which: 'latest' | 'live'): string {
  return page(latestRows(sql, 'session_id > @after'), which);
}

/** As `latestStatement`, of a view made by `latestViewStatement`. */
export function latestOfViewStatement({ sql }: TableName, which: 'latest' | 'live'): string {
  return page(`SELECT ${COLUMNS} FROM ${sql} WHERE session_id > @after`, which);
}

/** Keeps the latest rows read, for whoever may read what is up to so many minutes old. */
export function latestViewStatement(table: TableName, view: TableName, minutes: number): string {
  return `
CREATE MATERIALIZED VIEW IF NOT EXISTS ${view.sql}
OPTIONS (
  allow_non_incremental_definition = TRUE,
  enable_refresh = TRUE,
  refresh_interval_minutes = ${Math.ceil(minutes / 2)},
  max_staleness = INTERVAL ${minutes} MINUTE
)
AS ${latestRows(table.sql, 'TRUE')}`.trim();
}

/**
 * Removes the rows of sessions that have a later one, of those appended before the parameter `before`, whose day is `day`.
 * A row that was sent again after that stays whole: without the first of them the second one would count from then on.
 */
export function compactStatement({ sql }: TableName): string {
  return `
DELETE FROM ${sql}
WHERE appended_on <= @day
  AND appended_us < @before
  AND row_id NOT IN (SELECT row_id FROM (${latestRows(sql, 'TRUE')}))
  AND row_id NOT IN (SELECT row_id FROM ${sql} WHERE appended_on >= @day AND appended_us >= @before)`.trim();
}

export function truncateStatement({ sql }: TableName): string {
  return `TRUNCATE TABLE ${sql}`;
}

function latestRows(sql: string, where: string): string {
  return `
SELECT ${COLUMNS} FROM (
  SELECT ${COLUMNS} FROM ${sql} WHERE ${where} ${FIRST_OF_EQUALS}
)
WHERE TRUE
${LATEST_OF_SESSION}`.trim();
}

function page(rows: string, which: 'latest' | 'live'): string {
  return `
SELECT ${COLUMNS} FROM (
${rows}
)
${which === 'live' ? 'WHERE deleted = FALSE\n' : ''}ORDER BY session_id
LIMIT @limit`.trim();
}
