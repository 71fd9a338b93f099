import {
  type FieldValue,
  type LogDefinition,
  type LogPage,
  type LogQuery,
  limitOf,
  type StoredEntry,
  toLogPage,
  type Where,
} from '@mobkit/core';

import type { Connection } from './connection.js';
import type { Bind, LogPlace } from './statement.js';
import { seqsOfTimes } from './time-ranges.js';

/**
 * The ends of every log. Where nothing else is asked for they are: without statistics a range with two ends is taken for a handful of entries,
 * which an index gives in order; with one or none for so many that they would all be read and sorted.
 */
const FIRST = '1';
const LAST = `${Number.MAX_SAFE_INTEGER}`;

/** Values looked up each by itself; of more of them the server filters. */
const MOST_VALUES = 32;

/**
 * Reads a page in one statement, so that its entries and its bounds are of one moment. Written and read by hand, because it is
 * called for every page of everybody who follows a log.
 */
export async function readPage(
  { pool, bounds }: Pick<Connection, 'bounds' | 'pool'>,
  place: LogPlace,
  query: LogQuery,
): Promise<LogPage> {
  const { schema, definition, partition } = place;
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  // A row for the bounds, which has no id, and one for each entry. The names of fields have been checked.
  const fields = query.withoutFields ? {} : definition.fields;
  const names = Object.keys(fields).map((name) => `"${name}"`);
  const text = `select first_seq, last_seq, ${['id', 'data', ...names].map((name) => `null as ${name}`).join(', ')}
from "${schema}"._counters where log = ${bind(definition.name)} and partition = ${bind(partition)}
union all (${matching(place, query, bind, ['seq', 'timestamp_ms', 'id', 'data', ...names].join(', '))})`;
  const asked = { text, values, rowMode: 'array', query_timeout: bounds.answerMs } as const;
  const { rows } = await pool.query<unknown[]>(asked);
  // A partition has no counter before its first append.
  const [firstSeq, lastSeq] = rows.find(([, , id]) => id === null) ?? [1, 0];
  const entryOf = entryReader(fields);
  const turn = query.afterSeq === undefined ? -1 : 1;
  const found = rows
    .filter(([, , id]) => id !== null)
    .map(entryOf)
    // As they are nearly always: only the parts have been asked for in an order.

    .toSorted((one, other) => turn * (one.seq - other.seq));
  return toLogPage(found, query, { firstSeq: Number(firstSeq), lastSeq: Number(lastSeq) });
}

/**
 * The entries that match. Where no index has them in the order of seqs (several values of a field, several ranges of seqs) it
 * is as many reads, each with the end it needs, and merged: no plan of it reads a log from end to end to find few, or sorts
 * what is frequent.
 */
function matching(place: LogPlace, query: LogQuery, bind: Bind, columns: string): string {
  const { schema, definition, partition } = place;
  const { afterSeq, beforeSeq } = query;
  const ordered = `order by seq ${direction(query)} limit ${bind(limitOf(query) + 1)}`;
  const of = bind(partition);
  const times = timesOf(query, bind);
  const isByKey = conditionsOf(query.where ?? {}, () => '').length === 0;
  const reads = seqsOfTimes(place, query, bind).flatMap((seqs) => {
    const from = [...seqs.from, ...(afterSeq === undefined ? [] : [`${bind(afterSeq)}::bigint + 1`])];
    const to = [...seqs.to, ...(beforeSeq === undefined ? [] : [`${bind(beforeSeq)}::bigint - 1`])];
    const end = `least(${[...to, LAST].join(', ')})`;
    const among = [
      `partition = ${of}`,
      ...(from.length > 0 || isByKey ? [`seq >= greatest(${[...from, FIRST].join(', ')})`] : []),
      ...(to.length > 0 || isByKey ? [`seq <= ${end}`] : []),
    ];
    return oneByOne(query.where).map((where) => {
      const conditions = [...among, ...times, ...conditionsOf(where, bind)].join(' and ');
      return `select ${columns} from "${schema}"."${definition.name}" where ${conditions} ${ordered}`;
    });
  });
  if (reads.length === 1) return reads.join('');
  return `select * from (${reads.map((read) => `(${read})`).join(' union all ')}) as merged ${ordered}`;
}

function timesOf({ sinceMs, untilMs }: LogQuery, bind: Bind): readonly string[] {
  return [
    ...(sinceMs === undefined ? [] : [`timestamp_ms >= ${bind(sinceMs)}`]),
    ...(untilMs === undefined ? [] : [`timestamp_ms < ${bind(untilMs)}`]),
  ];
}

function conditionsOf(where: Where, bind: Bind): readonly string[] {
  return Object.entries(where)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([field, wanted]) =>
      Array.isArray(wanted) ? `"${field}" = any(${bind(wanted)})` : `"${field}" = ${bind(wanted)}`,
    );
}

/**
 * A condition on a list of values as several on one value each. Beside a condition on a single value of another field it stays
 * as it is, for that one has an index in the right order.
 */
function oneByOne(where: Where = {}): readonly Where[] {
  const given = Object.entries(where).filter(([, wanted]) => wanted !== undefined);
  const lists = given.flatMap(([field, wanted]) =>
    Array.isArray(wanted) ? [{ field, values: [...new Set(wanted as readonly FieldValue[])] }] : [],
  );
  if (lists.length < given.length) return [where];
  const [shortest] = lists.toSorted((one, other) => one.values.length - other.values.length);
  if (!shortest || shortest.values.length === 0 || shortest.values.length > MOST_VALUES) return [where];
  return shortest.values.map((value) => ({ ...where, [shortest.field]: value }));
}

/** From the end that is read. */
function direction({ afterSeq }: LogQuery): string {
  return afterSeq === undefined ? 'desc' : 'asc';
}

/** A bigint comes as text, and every one that we keep is a safe integer. */
function entryReader(types: LogDefinition['fields']): (row: readonly unknown[]) => StoredEntry {
  const named = Object.entries(types);
  return ([seq, timestampMs, id, data, ...values]) => {
    const fields: Record<string, FieldValue> = {};
    for (const [at, [name, type]] of named.entries()) {
      const value = values[at];
      if (value !== null) fields[name] = type === 'text' ? (value as string) : Number(value);
    }
    return {
      id: id as string,
      seq: Number(seq),
      timestampMs: Number(timestampMs),
      fields,
      data: data as string,
    };
  };
}
