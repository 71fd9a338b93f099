import type { FieldTypes } from '@mobkit/core';
import { type RawBuilder, sql } from 'kysely';

import { CONFLICT } from './errors.js';

/** The SQL type of a field's column. */
export const columnTypes = { text: sql`text collate "C"`, integer: sql`bigint` } as const;

export function appendFunctionName(schema: string, log: string): RawBuilder<unknown> {
  return sql.id(schema, `_append_${log}`);
}

/**
 * The function that appends to a log in one round trip. It locks the partition's counter first, and dedupes, numbers
 * and inserts in a later statement: taken in the same one, the snapshot would predate the lock, and what the holder
 * before us committed would be neither seen as a duplicate nor counted.
 *
 * Its variables begin with `_` because fields cannot.
 */
export function createAppendFunction(schema: string, log: string, fields: FieldTypes): RawBuilder<unknown> {
  const names = sql.join(['id', 'timestamp_ms', 'data', ...Object.keys(fields)].map((name) => sql.ref(name)));
  const given = sql.join([
    sql`id text, timestamp_ms bigint, data text`,
    ...Object.entries(fields).map(([field, type]) => sql`${sql.ref(field)} ${columnTypes[type]}`),
  ]);
  const table = sql.id(schema, log);
  const counters = sql.id(schema, '_counters');
  const counter = sql`log = ${sql.lit(log)} and partition = _partition`;

  return sql`
create or replace function ${appendFunctionName(schema, log)}(
  _partition text, _entries json, _expected bigint, _first bigint,
  out _stored bigint, out _duplicates text[], out _last bigint
) language plpgsql
-- An index lookup for each id, also while statistics still say that the table is empty.
set enable_seqscan = off
as $function$
declare
  _empty boolean;
  _before bigint;
begin
  select last_seq into _last from ${counters} where ${counter} for update;
  if not found then
    insert into ${counters} (log, partition) values (${sql.lit(log)}, _partition) on conflict do nothing;
    select last_seq into _last from ${counters} where ${counter} for update;
  end if;

  _before := _last;
  _empty := _last = 0;
  if _first is not null and _empty then
    _last := _first - 1;
  end if;

  with given as (
    select entry.*,
      kept.id is not null or row_number() over (partition by entry.id order by _nth) > 1 as _duplicate
    from rows from (json_to_recordset(_entries) as (${given})) with ordinality as entry (${names}, _nth)
    left join lateral (
      select id from ${table} as log where log.partition = _partition and log.id = entry.id limit 1
    ) as kept on true
  ), inserted as (
    insert into ${table} (partition, seq, ${names})
    select _partition, _last + row_number() over (order by _nth), ${names} from given where not _duplicate
  )
  select count(*) filter (where not _duplicate),
    coalesce(array_agg(id order by _nth) filter (where _duplicate), '{}')
  into _stored, _duplicates from given;

  if _stored > 0 then
    if _expected <> _before then
      raise exception using errcode = ${sql.lit(CONFLICT)}, message = format('expected last seq %s, found %s', _expected, _before);
    end if;
    if _first is not null and not _empty then
      raise exception using errcode = ${sql.lit(CONFLICT)}, message = format('cannot begin at %s, the last seq is %s', _first, _last);
    end if;
    _last := _last + _stored;
    update ${counters} set last_seq = _last, first_seq = case when _empty then coalesce(_first, 1) else first_seq end
    where ${counter};
    perform pg_notify(${sql.lit(schema)}, ${sql.lit(log)} || '/' || _partition);
  else
    _last := _before;
  end if;
end
$function$`;
}
