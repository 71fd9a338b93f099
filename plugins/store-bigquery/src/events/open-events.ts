import { type Clock, MobError, systemClock, within } from '@mobkit/core';

import { openPrepared } from '../client/open-prepared.js';
import { compactEvents } from './compact-events.js';
import { type BigQueryEventArchive, TableEventArchive } from './event-archive.js';
import { EventTables } from './event-tables.js';
import { Lease } from './lease.js';
import { type BigQueryEventOptions, parseEventOptions } from './options.js';
import { type BigQueryEventLog, TableEventLog } from './table-event-log.js';

/** An archive and what closes it. */
export interface BigQueryArchive {
  readonly archive: BigQueryEventArchive;
  /** Waits for what is under way, for at most ten seconds. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Finds credentials, makes or extends the tables unless it is `readOnly`, and gives an archive of another log's events, e.g. for `archivedEventLog`.
 * Several processes may have it open and put.
 *
 * @throws MobError `MOB_CONFIG_INVALID` with `details.field` for a wrong option, for a project or credentials that are missing,
 * and for a table of another shape (`details.column`); `MOB_STORE_UNAVAILABLE` and `MOB_STORE_REFUSED` as every call.
 */
export async function openBigQueryArchive(
  options: BigQueryEventOptions,
  clock: Clock = systemClock,
): Promise<BigQueryArchive> {
  const tables = await openTables(options, 'event_archive', clock);
  return {
    archive: new TableEventArchive(tables),
    close: () => tables.client.close(),
  };
}

/** How a log of its own is kept. */
export interface BigQueryEventLogOptions extends BigQueryEventOptions {
  /**
   * Takes no lease, and appends, makes and changes nothing: any number of processes may read. Where there is no table there are no
   * events.
   *
   * @defaultValue false
   */
  readonly readOnly?: boolean;
  /** How long a writer that was not heard of is waited for, from 1000. @defaultValue 60000 */
  readonly leaseMs?: number;
  /** Told when another process took the lease, `MOB_LEASE_LOST`. Must not throw. @defaultValue it is dropped */
  readonly onError?: (error: MobError) => void;
}

/** An event log and what closes it. */
export interface BigQueryLog {
  readonly eventLog: BigQueryEventLog;
  /** As `BigQueryEventArchive.compact`; only who writes may. */
  compact(signal?: AbortSignal): Promise<number>;
  /**
   * Waits for what is under way and gives the lease back, for twenty seconds at most; what then waits to be appended fails. Safe to
   * call twice.
   */
  close(): Promise<void>;
}

const LEASE_MS = 60_000;
/** How long appends that wait are written before the client is closed, which has its own time for what is under way. */
const CLOSE_MS = 10_000;

/**
 * Finds credentials, makes or extends the tables, takes the lease of the one writer, and gives an event log that needs no other
 * store.
 *
 * @throws MobError `MOB_LEASE_HELD`, retryable, with `details.owner` while another process writes; everything else as
 * `openBigQueryArchive`.
 */
export async function openBigQueryEventLog(
  { leaseMs = LEASE_MS, onError = () => {}, ...options }: BigQueryEventLogOptions,
  clock: Clock = systemClock,
): Promise<BigQueryLog> {
  if (!(Number.isSafeInteger(leaseMs) && leaseMs >= 1_000)) {
    const message = `store-bigquery: leaseMs is not a whole number from 1000: ${leaseMs}`;
    throw new MobError('MOB_CONFIG_INVALID', message, { details: { field: 'leaseMs' } });
  }
  const tables = await openTables(options, 'event_log', clock);
  const compact = (signal?: AbortSignal) => compactEvents(tables, signal);
  if (tables.readOnly)
    return { eventLog: new TableEventLog(tables), compact, close: () => tables.client.close() };
  const lease = new Lease(tables, leaseMs, onError);
  try {
    const eventLog = new TableEventLog(tables, { lease, head: await lease.acquire() });
    let closed: Promise<void> | undefined;
    const close = async () => {
      const released = eventLog.drained().then(() => lease.release());
      await within(clock, CLOSE_MS, released);
      await tables.client.close();
      // Nothing can be sent any more, and so what is left fails at once.
      await released;
    };
    return { eventLog, compact, close: () => (closed ??= close()) };
  } catch (error) {
    await tables.client.close();
    throw error;
  }
}

async function openTables(given: BigQueryEventOptions, table: string, clock: Clock): Promise<EventTables> {
  const { connection, signal, ...options } = parseEventOptions(given, table);
  return openPrepared(connection, { clock, signal }, async (client) => {
    const tables = new EventTables(client, options);
    await tables.prepare();
    return tables;
  });
}
