import { join } from 'node:path';

import type { NewEvent } from '@mobkit/core';
import { openSqliteStores } from '@mobkit/store-sqlite';
import Database from 'libsql';

import type { Contender } from './alternate.js';
import { benchEvents } from './events.js';
import type { AppendOptions } from './postgres-contenders.js';
import { inTemporaryDirectory } from './temporary-directory.js';

/** Our event log in SQLite. */
export function ours({ batch, rows }: AppendOptions): Contender {
  return {
    name: `sqlite_${batch}_rows_per_s`,
    measure: () =>
      inTemporaryDirectory(async (directory) => {
        const { eventLog, close } = await openSqliteStores({ directory });
        const startedMs = performance.now();
        for (let from = 0; from < rows; from += batch)
          await eventLog.appendBatch(benchEvents(from, from + batch));
        const perSecond = rows / ((performance.now() - startedMs) / 1000);
        await close();
        return perSecond;
      }),
  };
}

/**
 * The same insert into the same table and indexes, as somebody writes it by hand: a prepared statement in a loop, one
 * transaction for each batch, the counter kept.
 */
export function byHand({ batch, rows }: AppendOptions): Contender {
  return {
    name: `sqlite_hand_${batch}_rows_per_s`,
    measure: () =>
      inTemporaryDirectory(async (directory) => {
        await (await openSqliteStores({ directory })).close();
        const database = new Database(join(directory, 'mobkit.sqlite3'));
        database.exec('pragma journal_mode = wal; pragma synchronous = full');
        const insert = database.prepare(
          `insert into event_log (partition, seq, id, timestamp_ms, data, event_type, member_id, identity, mob_id, run_id, step_id)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        );
        const counter = database.prepare(
          `insert into _counters (log, partition, first_seq, last_seq) values ('event_log', '', 1, ?)
          on conflict (log, partition) do update set last_seq = excluded.last_seq`,
        );
        const startedMs = performance.now();
        for (let from = 0; from < rows; from += batch) {
          database.exec('begin immediate');
          for (const [index, event] of benchEvents(from, from + batch).entries()) {
            insert.run(rowOf(event, from + index + 1));
          }
          counter.run([from + batch]);
          database.exec('commit');
        }
        const perSecond = rows / ((performance.now() - startedMs) / 1000);
        database.close();
        return perSecond;
      }),
  };
}

function rowOf({ id, timestampMs, ...event }: NewEvent, seq: number) {
  const { memberId = null, identity = null, mobId = null, runId = null, stepId = null } = event;
  const fields = [event.event.eventType, memberId, identity, mobId, runId, stepId];
  return ['', seq, id, timestampMs, JSON.stringify(event), ...fields];
}
