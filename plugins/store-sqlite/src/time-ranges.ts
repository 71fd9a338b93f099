import type { LogDefinition, LogQuery } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Session } from './database.js';

// A log is not ordered by time, but nearly: for every block of seqs `_time_ranges` has the earliest and the latest time
// in it. So a range of time becomes a range of seqs, at the cost of one row for many appends; an index would cost one
// for every entry.

/** Entries to a block. */
const BLOCK = 512;

const WIDEN = `insert into _time_ranges (log, partition, block, min_ms, max_ms) values (?, ?, ?, ?, ?)
  on conflict (log, partition, block) do update
  set min_ms = min(min_ms, excluded.min_ms), max_ms = max(max_ms, excluded.max_ms)`;

/** Takes the times of new entries into account, of which the first has `firstSeq`. */
export function addTimes(
  session: Session,
  { name }: LogDefinition,
  partition: string,
  firstSeq: number,
  times: readonly number[],
): void {
  for (let at = 0; at < times.length;) {
    const block = Math.floor((firstSeq + at) / BLOCK);
    const end = Math.min((block + 1) * BLOCK - firstSeq, times.length);
    const here = times.slice(at, end);
    const range = here.reduce(
      ({ min, max }, time) => ({ min: Math.min(min, time), max: Math.max(max, time) }),
      { min: Infinity, max: -Infinity },
    );
    session.run({ sql: WIDEN, parameters: [name, partition, block, range.min, range.max] });
    at = end;
  }
}

/** Narrows the seqs of a query to the blocks in which its times occur. */
export function withSeqRange(
  session: Session,
  { name }: LogDefinition,
  partition: string,
  query: LogQuery,
): LogQuery {
  const { sinceMs, untilMs, afterSeq = 0, beforeSeq = Infinity } = query;
  if (sinceMs === undefined && untilMs === undefined) return query;
  let blocks = build
    .selectFrom('_time_ranges')
    .select([sql`min(block)`.as('first'), sql`max(block)`.as('last')])
    .where('log', '=', name)
    .where('partition', '=', partition);
  if (sinceMs !== undefined) blocks = blocks.where('max_ms', '>=', sinceMs);
  if (untilMs !== undefined) blocks = blocks.where('min_ms', '<', untilMs);
  const [range] = session.all(blocks.compile());
  const first = Number(range?.['first'] ?? 0);
  const last = Number(range?.['last'] ?? -1);
  return {
    ...query,
    afterSeq: Math.max(afterSeq, first * BLOCK - 1),
    beforeSeq: Math.min(beforeSeq, (last + 1) * BLOCK),
  };
}

/** Forgets the blocks of which every entry is below `seq`. */
export function forgetTimes(session: Session, { name }: LogDefinition, partition: string, seq: number): void {
  const gone = build
    .deleteFrom('_time_ranges')
    .where('log', '=', name)
    .where('partition', '=', partition)
    .where('block', '<', Math.floor(seq / BLOCK));
  session.run(gone.compile());
}
