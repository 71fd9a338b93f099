import {
  checkSessionHistoryQuery,
  checkSessionQuery,
  checkSessionRows,
  type SessionHistoryPage,
  type SessionHistoryQuery,
  type SessionPage,
  type SessionQuery,
  type SessionRow,
  type SessionStore,
} from '@mobkit/core';
import { tableRef } from '@mobkit/core/ops';

import type { BigQueryClient } from '../client/bigquery-client.js';
import { insertAll } from '../client/insert-all.js';
import type { TableName } from '../client/names.js';
import { date, int64, text } from '../client/parameters.js';
import { execute, query } from '../client/query.js';
import type { AppendOrder } from './append-order.js';
import { dayOf } from './day-of.js';
import { BEGINNING, fromCursor, toCursor } from './history-cursor.js';
import { fromQueryRow, toStreamRow } from './session-rows.js';
import {
  compactStatement,
  historyStatement,
  latestOfViewStatement,
  latestStatement,
  truncateStatement,
} from './session-statements.js';

export interface SessionStoreDeps {
  readonly client: BigQueryClient;
  readonly table: TableName;
  /** Of this process: one for all stores over it. */
  readonly order: AppendOrder;
  /** Where latest rows are read instead. */
  readonly latestView?: TableName;
  /** Ends every call. */
  readonly signal?: AbortSignal;
}

/** How long a streamed row cannot be removed, by the words of the service, and as long again for clocks that disagree. */
const SETTLES_MS = 90 * 60_000;

/**
 * Sessions as rows of a table. They are streamed, and can be read some seconds later; a row that was sent again is read once.
 * A read of latest rows reads the table, from the session on that it begins after.
 */
export class BigQuerySessionStore implements SessionStore {
  readonly supports = { durable: true, processes: 'many', cursor: 'settled' } as const;
  readonly #deps: SessionStoreDeps;

  constructor(deps: SessionStoreDeps) {
    this.#deps = deps;
  }

  /** Where the rows are: `dataset.table`. */
  get tableRef(): string {
    return tableRef(this.#deps.table);
  }

  async append(rows: readonly SessionRow[]): Promise<void> {
    checkSessionRows(rows);
    const { client, table, order, signal } = this.#deps;
    // Before the first wait: numbers are in the order of the calls.
    const streamed = rows.map((row) => toStreamRow(row, order.next()));
    await insertAll(client, table, streamed, { doing: 'append sessions', signal });
  }

  async history(asked: SessionHistoryQuery = {}): Promise<SessionHistoryPage> {
    const limit = checkSessionHistoryQuery(asked);
    const { sessionId, after } = asked;
    const { updatedAtMs, appendedUs, rowId } = after === undefined ? BEGINNING : fromCursor(after);
    const doing = 'read the history of sessions';
    const found = await query(
      this.#deps.client,
      historyStatement(this.#deps.table, sessionId !== undefined),
      {
        doing,
        parameters: {
          updated_at_ms: int64(updatedAtMs),
          appended_us: int64(appendedUs),
          row_id: text(rowId),
          ...(sessionId !== undefined && { session: text(sessionId) }),
          // One more tells whether there are more.
          limit: int64(limit + 1),
        },
        signal: this.#deps.signal,
      },
    );
    const rows = found.slice(0, limit).map((row) => fromQueryRow(doing, row));
    const last = found[limit - 1];
    if (found.length <= limit || !last) return { rows };
    const place = { appendedUs: Number(last['appended_us']), rowId: String(last['row_id']) };
    return { rows, next: toCursor({ updatedAtMs: Number(last['updated_at_ms']), ...place }) };
  }

  latest(asked?: SessionQuery): Promise<SessionPage> {
    return this.#page('latest', asked);
  }

  live(asked?: SessionQuery): Promise<SessionPage> {
    return this.#page('live', asked);
  }

  /**
   * As the contract says, in one statement. Rows of the last one and a half hours stay: what was streamed lately cannot be
   * removed.
   */
  compact(): Promise<number> {
    const { client, table, signal } = this.#deps;
    const before = (client.clock.now() - SETTLES_MS) * 1000;
    return execute(client, compactStatement(table), {
      doing: 'remove superseded sessions',
      parameters: { day: date(dayOf(before)), before: int64(before) },
      signal,
    });
  }

  /**
   * Removes every row, of all sessions.
   *
   * @throws MobError `MOB_STORE_REFUSED` also while rows were streamed lately.
   */
  async truncate(): Promise<void> {
    const { client, table, signal } = this.#deps;
    await execute(client, truncateStatement(table), { doing: 'remove all sessions', signal });
  }

  async #page(which: 'latest' | 'live', asked: SessionQuery = {}): Promise<SessionPage> {
    const limit = checkSessionQuery(asked);
    const { client, table, latestView, signal } = this.#deps;
    const doing = `read ${which} sessions`;
    const statement = latestView ? latestOfViewStatement(latestView, which) : latestStatement(table, which);
    const found = await query(client, statement, {
      doing,
      parameters: { after: text(asked.afterSessionId ?? ''), limit: int64(limit + 1) },
      signal,
    });
    const rows = found.slice(0, limit).map((row) => fromQueryRow(doing, row));
    return { rows, more: found.length > limit };
  }
}
