import { createHash } from 'node:crypto';

import type { FieldType, FieldTypes } from '@mobkit/core';
import { type RawBuilder, sql } from 'kysely';

import { CONFLICT, NOT_BEHIND, NOT_READ_COMMITTED } from './errors.js';
import { noteTimes, type TimesPlace } from './time-ranges.js';

/** The SQL type of a field's column. */
export const columnTypes = { text: sql`text collate "C"`, integer: sql`bigint` } as const;

/**
 * The names of a log's functions for these fields. A process that knows other fields, of a newer or an older version, has
 * functions of its own beside them, and each goes on calling the ones it was written for.
 */
export function appendFunctionNames(
  log: string,
  fields: FieldTypes,
): { readonly plain: string; readonly merging: string } {
  const { hash } = shapeOf(fields);
  return { plain: `_append_${log}__${hash}`, merging: `_merge_${log}__${hash}` };
}

/** The fields of a log in the order in which its functions take them. */
export function fieldsInOrder(fields: FieldTypes): Shape['ordered'] {
  return shapeOf(fields).ordered;
}

interface Shape {
  readonly ordered: readonly (readonly [name: string, type: FieldType])[];
  readonly hash: string;
}

/** Every append asks for it. */
const shapes = new WeakMap<FieldTypes, Shape>();

function shapeOf(fields: FieldTypes): Shape {
  const known = shapes.get(fields);
  if (known) return known;
  const ordered = Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(ordered)).digest('hex').slice(0, 8);
  const shape = { ordered, hash };
  shapes.set(fields, shape);
  return shape;
}

/**
 * The functions that append to a log in one round trip. Both lock the partition's counter first, and number and insert in a
 * later statement: taken in the same one, the snapshot would predate the lock, and what the holder before us committed would
 * be neither seen as a duplicate nor counted. They take a column of the entries as an array each.
 *
 * Their variables begin with `_` because fields cannot.
 */
export function createAppendFunctions(
  schema: string,
  log: string,
  fields: FieldTypes,
): readonly RawBuilder<unknown>[] {
  const parts = partsOf(schema, log, fields);
  return [createPlain(parts), createMerging(parts)];
}

/**
 * Inserts and nothing else: a duplicate fails it whole, and leaves no hole because the counter is put back too. `_after` names
 * the append that must have been the last one on this connection, so that what was sent behind one that failed fails as
 * well; `_token` is its own name, for the one behind it. A setting that was made in a transaction goes with it.
 */
function createPlain({
  names,
  counters,
  counter,
  table,
  columns,
  parameters,
  arrays,
  column,
  place,
}: Parts): RawBuilder<unknown> {
  const count = sql`
  update ${counters} set last_seq = last_seq + cardinality(_ids) where ${counter}
  returning last_seq - cardinality(_ids) into _last;`;
  return sql`
create or replace function ${names.plain}(
  _partition text, _after text, _token text, ${parameters}, out _last bigint
) language plpgsql
set lock_timeout = '10s'
as $function$
declare
  _block bigint;
begin
  ${expectReadCommitted}
  if _after is not null and current_setting('mobkit.appended', true) is distinct from _after then
    raise exception using errcode = ${sql.lit(NOT_BEHIND)}, message = 'the append before it failed';
  end if;
  ${count}
  if not found then
    insert into ${counters} (log, partition) values (${column}, _partition) on conflict do nothing;
    ${count}
  end if;
  insert into ${table} (partition, seq, ${columns})
  select _partition, _last + _nth, ${columns} from unnest(${arrays}) with ordinality as given (${columns}, _nth);
  _last := _last + cardinality(_ids);
  ${noteTimes(place, sql`_last - cardinality(_ids)`, sql`_last`)}
  perform set_config('mobkit.appended', _token, false);
end
$function$`;
}

/** Leaves out what is kept, and checks what is expected. */
function createMerging({
  names,
  counters,
  counter,
  table,
  columns,
  parameters,
  arrays,
  column,
  place,
}: Parts): RawBuilder<unknown> {
  return sql`
create or replace function ${names.merging}(
  _partition text, _expected bigint, _first bigint, ${parameters},
  out _stored bigint, out _duplicates text[], out _last bigint
) language plpgsql
-- An index lookup for each id, also while statistics still say that the table is empty.
set enable_seqscan = off
set lock_timeout = '10s'
as $function$
declare
  _empty boolean;
  _before bigint;
  _block bigint;
begin
  ${expectReadCommitted}
  -- Within a larger transaction the lock stays until its end: whoever is stopped in the middle must not keep everyone out.
  perform set_config('idle_in_transaction_session_timeout', '10s', true);
  select last_seq into _last from ${counters} where ${counter} for update;
  if not found then
    insert into ${counters} (log, partition) values (${column}, _partition) on conflict do nothing;
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
    from unnest(${arrays}) with ordinality as entry (${columns}, _nth)
    left join lateral (
      select id from ${table} as log where log.partition = _partition and log.id = entry.id limit 1
    ) as kept on true
  ), inserted as (
    insert into ${table} (partition, seq, ${columns})
    select _partition, _last + row_number() over (order by _nth), ${columns} from given where not _duplicate
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
    ${noteTimes(place, sql`_before`, sql`_last`)}
  else
    _last := _before;
  end if;
end
$function$`;
}

interface Parts {
  readonly names: { readonly plain: RawBuilder<unknown>; readonly merging: RawBuilder<unknown> };
  readonly table: RawBuilder<unknown>;
  readonly counters: RawBuilder<unknown>;
  /** The condition for the partition's counter. */
  readonly counter: RawBuilder<unknown>;
  /** What the counter keeps in its column `log`. */
  readonly column: RawBuilder<unknown>;
  readonly columns: RawBuilder<unknown>;
  readonly parameters: RawBuilder<unknown>;
  readonly arrays: RawBuilder<unknown>;
  readonly place: TimesPlace;
}

function partsOf(schema: string, log: string, fields: FieldTypes): Parts {
  const { plain, merging } = appendFunctionNames(log, fields);
  const ordered = fieldsInOrder(fields);
  const column = sql.lit(log);
  return {
    names: { plain: sql.id(schema, plain), merging: sql.id(schema, merging) },
    table: sql.id(schema, log),
    counters: sql.id(schema, '_counters'),
    counter: sql`log = ${column} and partition = _partition`,
    column,
    columns: sql.join(
      ['id', 'timestamp_ms', 'data', ...ordered.map(([field]) => field)].map((name) => sql.ref(name)),
    ),
    parameters: sql.join([
      sql`_ids text[], _times bigint[], _data text[]`,
      ...ordered.map(
        ([field, type]) => sql`${arrayOf(field)} ${type === 'text' ? sql`text[]` : sql`bigint[]`}`,
      ),
    ]),
    arrays: sql.join([sql`_ids, _times, _data`, ...ordered.map(([field]) => arrayOf(field))]),
    place: { schema, log, partition: sql`_partition` },
  };
}

function arrayOf(field: string): RawBuilder<unknown> {
  return sql.id(`_of_${field}`);
}

const expectReadCommitted = sql`if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = ${sql.lit(NOT_READ_COMMITTED)},
      message = 'appends need the isolation read committed, not ' || current_setting('transaction_isolation');
  end if;`;
