import type { PruneBounds } from '@mobkit/core';
import { type RawBuilder, sql } from 'kysely';

import type { Db } from './connection.js';
import { forgetTimes } from './time-ranges.js';

/** How many entries go in one transaction: a log of millions is pruned in many short ones, and writers hardly wait. */
const SLICE = 10_000;

interface Place {
  readonly schema: string;
  readonly log: string;
  readonly partition: string;
}

/** Removes the oldest entries slice by slice; each leaves the log whole, whatever becomes of the next. Returns how many went. */
export async function prune(db: Db, { schema, log, partition }: Place, bounds: PruneBounds): Promise<number> {
  const table = sql.id(schema, log);
  const counters = sql.id(schema, '_counters');
  const counter = sql`log = ${log} and partition = ${partition}`;
  const cut = await findCut(db, { table, counters, counter, partition }, bounds);
  if (cut === undefined) return 0;
  for (let count = 0; ;) {
    // The counter is locked last, when the rows are gone.
    const { rows } = await sql<{ count: string; done: boolean }>`
      with slice as (
        select first_seq, least(first_seq + ${SLICE}, ${cut}::bigint) as upto from ${counters} where ${counter}
      ), gone as (
        delete from ${table} where partition = ${partition}
          and seq >= (select first_seq from slice) and seq < (select upto from slice)
        returning 1
      ), moved as (
        update ${counters} set first_seq = greatest(first_seq, (select upto from slice)) where ${counter}
      ), forgotten as (
        ${forgetTimes({ schema, log, partition: sql`${partition}` }, sql`(select upto from slice)`)}
      )
      select (select count(*) from gone) as count, (select upto >= ${cut}::bigint from slice) as done`.execute(
      db,
    );
    count += Number(rows[0]!.count);
    if (rows[0]!.done) return count;
  }
}

interface Tables {
  readonly table: RawBuilder<unknown>;
  readonly counters: RawBuilder<unknown>;
  readonly counter: RawBuilder<unknown>;
  readonly partition: string;
}

/** The first seq that stays; undefined when nothing was ever appended. */
async function findCut(
  db: Db,
  { table, counters, counter, partition }: Tables,
  bounds: PruneBounds,
): Promise<string | undefined> {
  const { seq = null, timestampMs = null, keep = 0 } = bounds;
  const { rows } = await sql<{ cut: string }>`
    select least(last_seq + 1 - ${keep}::bigint, coalesce(stays.seq, last_seq + 1)) as cut
    from ${counters} left join lateral (
      select seq from ${table} where partition = ${partition}
        and (seq >= ${seq}::bigint or timestamp_ms >= ${timestampMs}::bigint)
      order by seq limit 1
    ) as stays on true
    where ${counter}`.execute(db);
  return rows[0]?.cut;
}
