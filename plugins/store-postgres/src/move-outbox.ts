import { type Appended, eventLogDefinition, type MobError, type NewEntry } from '@mobkit/core';
import { sql } from 'kysely';

import { append } from './append.js';
import type { Db } from './connection.js';
import { buryEvent } from './bury-event.js';
import { storeError } from './errors.js';

/** Rows moved by one transaction at most; more bytes than these go only in a single row. */
const MOST_ROWS = 512;
const MOST_BYTES = 16 * 1024 * 1024;

/** Transactions whose rows are looked for at once. */
const MOST_ENLISTED = 64;

/** What one transaction moved. */
export interface Moved {
  readonly rows: number;
  /** Events that are in the log now and were not before. */
  readonly stored: number;
  /** Why events were refused for good; each is among the dead letters. */
  readonly refused: readonly MobError[];
}

/**
 * Moves some rows of the outbox into the event log, in one transaction: rows that are gone are in the log, whatever ends us.
 * Others may do the same beside us. None of a transaction's rows are moved while another holds its first one, so that they
 * reach the log in order.
 */
export async function moveOutbox(db: Db, schema: string): Promise<Moved> {
  const outbox = sql.id(schema, '_outbox');
  // By far the most often there is nothing, and then no transaction either.
  const any = await sql`select 1 from ${outbox} limit 1`.execute(db);
  if (any.rows.length === 0) return { rows: 0, stored: 0, refused: [] };
  return db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      const { rows: held } = await sql<{ tx: string }>`
        with recursive first as (
          (select tx, nth from ${outbox} order by tx, nth limit 1)
          union all
          select next.* from first, lateral (
            select tx, nth from ${outbox} where tx > first.tx order by tx, nth limit 1
          ) as next
        ), few as (select * from first limit ${MOST_ENLISTED})
        select kept.tx from ${outbox} as kept join few using (tx, nth) for update of kept skip locked`.execute(
        trx,
      );
      const { rows } = await sql<{ entry: string }>`
        with ready as (
          select tx, nth, sum(octet_length(entry)) over (order by tx, nth) - octet_length(entry) as before
          from (
            select * from ${outbox} where tx = any(${held.map(({ tx }) => tx)}::xid8[])
            order by tx, nth limit ${MOST_ROWS}
          ) as held
        ), gone as (
          delete from ${outbox} as kept using ready
          where kept.tx = ready.tx and kept.nth = ready.nth and before < ${MOST_BYTES}
          returning kept.tx, kept.nth, kept.entry
        )
        select entry from gone order by tx, nth`.execute(trx);
      const refused: MobError[] = [];
      const entries = rows.map(({ entry }) => JSON.parse(entry) as NewEntry);
      const stored = await appendOrBury(trx, schema, entries, refused);
      return { rows: rows.length, stored, refused };
    });
}

/** Halves what is refused until the entry is found that is to blame. Returns how many were stored. */
async function appendOrBury(
  trx: Db,
  schema: string,
  entries: readonly NewEntry[],
  refused: MobError[],
): Promise<number> {
  if (entries.length === 0) return 0;
  await sql`savepoint before_append`.execute(trx);
  let appended: Appended;
  try {
    appended = await append(trx, schema, { log: eventLogDefinition, entries });
  } catch (cause) {
    const error = storeError('append what was enlisted', cause);
    if (error.details['reason'] !== 'data') throw error;
    await sql`rollback to savepoint before_append`.execute(trx);
    const [first, ...others] = entries;
    if (first && others.length === 0) {
      await buryEvent(trx, schema, first, error);
      refused.push(error);
      return 0;
    }
    const half = Math.ceil(entries.length / 2);
    const before = await appendOrBury(trx, schema, entries.slice(0, half), refused);
    return before + (await appendOrBury(trx, schema, entries.slice(half), refused));
  }
  await sql`release savepoint before_append`.execute(trx);
  return appended.stored;
}
