import type { LogQuery } from '@mobkit/core';
import { type RawBuilder, sql } from 'kysely';

import type { Bind, LogPlace } from './statement.js';

// A log is not ordered by time, but nearly: of every full block of seqs `_time_ranges` has the earliest and the latest time in
// it, so that a range of time becomes a range of seqs. A full block never changes. Those noted are the oldest ones, without a
// hole; what comes after them is looked through. So it is right whoever appends, also a process that notes nothing.

/** Entries to a block; of the first one less, because seqs begin at 1. */
const BLOCK = 512;

/** Blocks noted at once: enough to catch up in time, and few enough to keep nobody waiting for long. */
const MOST_BLOCKS = 1_000;

/** A log of a schema, and the partition as it is called in a statement. */
export interface TimesPlace {
  readonly schema: string;
  readonly log: string;
  readonly partition: RawBuilder<unknown>;
}

/**
 * Within a function that appended, which has a variable `_block`: notes the times of the blocks that it filled, and of those
 * before them that others left.
 */
export function noteTimes(place: TimesPlace, before: RawBuilder<unknown>, after: RawBuilder<unknown>) {
  const { schema, log, partition } = place;
  const full = sql`(${after} + 1) / ${sql.lit(BLOCK)}`;
  return sql`
  if ${full} > (${before} + 1) / ${sql.lit(BLOCK)} then
    select coalesce(max(block) + 1, (
      select first_seq / ${sql.lit(BLOCK)} from ${sql.id(schema, '_counters')}
      where log = ${sql.lit(log)} and partition = ${partition}
    )) into _block from ${rangesOf(place)};
    insert into ${sql.id(schema, '_time_ranges')} (log, partition, block, min_ms, max_ms)
    select ${sql.lit(log)}, ${partition}, seq / ${sql.lit(BLOCK)}, min(timestamp_ms), max(timestamp_ms)
    from ${sql.id(schema, log)} where partition = ${partition} and seq >= _block * ${sql.lit(BLOCK)}
      and seq < least(${full}, _block + ${sql.lit(MOST_BLOCKS)}) * ${sql.lit(BLOCK)}
    group by 3;
  end if;`;
}

/** A range of seqs: from the last of `from` to the first of `to`, both of them in it. */
export interface SeqRange {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * The seqs in which a range of time may occur, as ranges that share none. They only narrow: times have to be compared all the
 * same.
 */
export function seqsOfTimes(
  { schema, definition, partition }: LogPlace,
  { sinceMs, untilMs }: LogQuery,
  bind: Bind,
): readonly SeqRange[] {
  if (sinceMs === undefined && untilMs === undefined) return [{ from: [], to: [] }];
  const ranges = `"${schema}"._time_ranges where log = ${bind(definition.name)} and partition = ${bind(partition)}`;
  const noted = `coalesce((select (max(block) + 1) * ${BLOCK} from ${ranges}), 0)`;
  const first =
    sinceMs !== undefined &&
    `(select block * ${BLOCK} from ${ranges} and max_ms >= ${bind(sinceMs)} order by block limit 1)`;
  if (untilMs === undefined) return [{ from: [`coalesce(${first}, ${noted})`], to: [] }];
  const end = `(select (block + 1) * ${BLOCK} from ${ranges} and min_ms < ${bind(untilMs)} order by block desc limit 1)`;
  return [
    // Where no block has such a time the range ends before it begins.
    { from: first ? [`coalesce(${first}, ${noted})`] : [], to: [`coalesce(${end}, 0) - 1`] },
    { from: [noted], to: [] },
  ];
}

/** Within a statement that prunes: forgets the blocks of which every entry is below `seq`. */
export function forgetTimes(place: TimesPlace, seq: RawBuilder<unknown>): RawBuilder<unknown> {
  const { schema, log, partition } = place;
  return sql`delete from ${sql.id(schema, '_time_ranges')}
    where log = ${log} and partition = ${partition} and block < ${seq} / ${sql.lit(BLOCK)}`;
}

function rangesOf({ schema, log, partition }: TimesPlace): RawBuilder<unknown> {
  return sql`${sql.id(schema, '_time_ranges')} where log = ${sql.lit(log)} and partition = ${partition}`;
}
