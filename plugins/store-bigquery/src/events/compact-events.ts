import { isMobError } from '@mobkit/core';

import { date, int64 } from '../client/parameters.js';
import { execute, query } from '../client/query.js';
import { type DayRange, isoDay } from './days.js';
import type { EventHead } from './event-head.js';
import type { EventTables } from './event-tables.js';
import { conditionOf, daysCondition, nextWindow } from './windows.js';

/** Rows that were streamed cannot be removed for half an hour, and sometimes for longer. */
const SETTLED_MS = 2 * 3_600_000;

/**
 * Removes rows that count no more: of events that were written twice, and of writers that lost their lease. Partition by
 * partition, each at once or not at all, and only those that nobody has written to for two hours; what can be read stays the
 * same. Stops between partitions when `signal` is aborted.
 *
 * @returns How many were removed.
 * @throws MobError `MOB_STORE_REFUSED` where they are open to be read only.
 */
export async function compactEvents(tables: EventTables, signal?: AbortSignal): Promise<number> {
  tables.expectWritable();
  const head = await tables.head.read();
  // The newest is still written to.
  const days = head.days.slice(0, -1);
  if (days.length === 0) return 0;
  const rows = await countRows(tables, days, signal);
  const until = head.nowMs - SETTLED_MS;
  let removed = 0;
  for (const range of days) {
    const { count = 0, newestMs = Infinity } = rows.get(isoDay(range.day)) ?? {};
    const superseded = count - (range.lastSeq - range.firstSeq + 1);
    if (superseded <= 0 || newestMs > until) continue;
    signal?.throwIfAborted();
    if (await compactDay(tables, head, range, signal)) removed += superseded;
  }
  return removed;
}

async function countRows(tables: EventTables, days: readonly DayRange[], signal: AbortSignal | undefined) {
  const { sql, parameters } = daysCondition(days);
  const rows = await query(
    tables.client,
    'SELECT CAST(event_day AS STRING) AS day, COUNT(*) AS row_count, MAX(written_ms) AS newest_ms ' +
      `FROM ${tables.events.sql} WHERE ${sql} GROUP BY event_day`,
    { doing: 'count rows of events', parameters, signal },
  );
  return new Map(
    rows.map((row) => [row['day'], { count: Number(row['row_count']), newestMs: Number(row['newest_ms']) }]),
  );
}

/** Leaves of a partition what counts, once, in one statement. Answers whether it could. */
async function compactDay(
  tables: EventTables,
  head: EventHead,
  { day, firstSeq, lastSeq }: DayRange,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const window = nextWindow(head, { fromSeq: firstSeq, toSeq: lastSeq }, { partitions: 1, newest: false });
  // Of more writers than one statement names: rare, and left as it is.
  if (!window || window.toSeq < lastSeq) return false;
  const counting = conditionOf(window);
  const { sql: events } = tables.events;
  try {
    await execute(
      tables.client,
      `MERGE ${events} AS kept USING (SELECT * FROM ${events} WHERE ${counting.sql} ` +
        'QUALIFY ROW_NUMBER() OVER (PARTITION BY seq, fence ORDER BY written_ms) = 1) AS counting ON FALSE ' +
        'WHEN NOT MATCHED BY SOURCE AND kept.event_day = @day AND kept.written_ms <= @until_ms THEN DELETE ' +
        'WHEN NOT MATCHED THEN INSERT ROW',
      {
        doing: 'remove superseded rows of events',
        parameters: { ...counting.parameters, day: date(isoDay(day)), until_ms: int64(head.nowMs) },
        signal,
      },
    );
    return true;
  } catch (error) {
    // The server still holds some where no statement changes them; another time.
    if (isMobError(error, 'MOB_STORE_REFUSED') && /streaming buffer/i.test(error.message)) return false;
    throw error;
  }
}
