import { type Clock, MobError, systemClock } from '@mobkit/core';

import { openPrepared } from '../client/open-prepared.js';
import type { BigQueryOptions } from '../client/options.js';
import { prepareTable } from '../client/prepare-table.js';
import { execute } from '../client/query.js';
import { AppendOrder } from './append-order.js';
import { BigQuerySessionStore } from './bigquery-session-store.js';
import { compactNowAndThen } from './compaction.js';
import { latestViewStatement } from './session-statements.js';
import { sessionTable } from './session-table.js';

/** Where sessions are kept, and how they are tidied up. */
export interface BigQuerySessionOptions extends BigQueryOptions {
  /** Of letters, digits, `_` and `-`; made when it is missing. @defaultValue "sessions" */
  readonly table?: string;
  /**
   * Latest and live rows are read from a materialised view that may be so many minutes old, from 30 to 4320, and not from the
   * whole table: cheaper where they are read often. The view is named after the table with `_latest` behind it and made when
   * it is missing; remove it to have it made anew with another age. @defaultValue they are read from the table
   */
  readonly latestViewMinutes?: number;
  /** From one removal of superseded rows to the next, in milliseconds; Infinity: they stay. @defaultValue 21_600_000, 6 hours */
  readonly compactEveryMs?: number;
  /** Told when superseded rows could not be removed. Must not throw. @defaultValue it is dropped */
  readonly onError?: (error: MobError) => void;
  /** Gives up looking for the table and making it, at once; no more once it is there. */
  readonly signal?: AbortSignal;
}

/** Sessions in BigQuery. */
export interface BigQuerySessions {
  readonly sessions: BigQuerySessionStore;
  /** Ends the removal of superseded rows and waits for what is under way, for at most ten seconds. Safe to call twice. */
  close(): Promise<void>;
}

const COMPACT_EVERY_MS = 6 * 3_600_000;

/**
 * Finds credentials, makes or extends the table, and removes superseded rows from time to time.
 *
 * @throws MobError `MOB_CONFIG_INVALID` with `details.field` for a wrong option, for a project or credentials that are missing,
 * and for a table of another shape (`details.column`); `MOB_STORE_UNAVAILABLE` and `MOB_STORE_REFUSED` as every call.
 */
export async function openBigQuerySessions(
  options: BigQuerySessionOptions,
  clock: Clock = systemClock,
): Promise<BigQuerySessions> {
  const {
    table: name = 'sessions',
    latestViewMinutes,
    compactEveryMs = COMPACT_EVERY_MS,
    onError,
    signal,
    ...reach
  } = options;
  checkRange('latestViewMinutes', latestViewMinutes ?? 30, 30, 4320);
  checkRange('compactEveryMs', compactEveryMs, 1, Infinity);
  return openPrepared(reach, { clock, signal }, async (client) => {
    const table = client.table(name);
    await prepareTable(client, table, sessionTable);
    const latestView = latestViewMinutes === undefined ? undefined : client.table(`${name}_latest`);
    if (latestView && latestViewMinutes !== undefined) {
      const doing = 'make the view of latest sessions';
      await execute(client, latestViewStatement(table, latestView, latestViewMinutes), { doing });
    }
    const order = new AppendOrder(clock);
    const sessions = new BigQuerySessionStore({ client, table, order, ...(latestView && { latestView }) });
    const stop = compactNowAndThen({
      compact: () => sessions.compact(),
      clock,
      everyMs: compactEveryMs,
      onError: onError ?? (() => {}),
    });
    const close = async () => void (await Promise.all([stop(), client.close()]));
    return { sessions, close };
  });
}

function checkRange(field: string, value: number, least: number, most: number): void {
  if ((Number.isSafeInteger(value) || value === Infinity) && value >= least && value <= most) return;
  throw new MobError(
    'MOB_CONFIG_INVALID',
    `store-bigquery: ${field} is not from ${least} to ${most}: ${value}`,
    {
      details: { field },
    },
  );
}
