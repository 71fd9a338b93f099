import { type DeleteWrite, MobError, type PutWrite } from '@mobkit/core';
import { type RawBuilder, sql } from 'kysely';

import type { Db } from './connection.js';
import { sqlState } from './errors.js';
import { keptFields } from './prepare-table.js';
import type { Row } from './rows.js';

const DIVISION_BY_ZERO = '22012';

/** Writes a record, its row whole, and returns its version. */
export async function put(db: Db, schema: string, write: PutWrite): Promise<number> {
  const { records } = write;
  // Fields of a newer version are known to nobody here, and found when the table turns out to be wider than it should.
  for (let others: readonly string[] = []; ;) {
    const version = await putWhole(db, schema, write, others);
    if (version !== undefined) return version;
    const kept = Object.keys((await keptFields(db, schema, records)) ?? {});
    const found = kept.filter((field) => !Object.hasOwn(records.fields, field));
    if (found.join() === others.join()) throw conflict(write);
    others = found;
  }
}

/**
 * Writes records in one statement, which is one round trip and a transaction of its own, and returns their versions in this
 * order. Undefined, and nothing is written, when one of them cannot be written so: in a transaction each tells why.
 */
export async function putTogether(
  db: Db,
  schema: string,
  writes: readonly PutWrite[],
): Promise<readonly number[] | undefined> {
  const puts = writes.map((write, at) => sql`${sql.ref(`put${at}`)} as (${putStatement(schema, write)})`);
  const versions = writes.map((_, at) => sql`(select version from ${sql.ref(`put${at}`)})`);
  // A division by zero is what undoes all of them.
  const isWhole = sql`case when num_nulls(${sql.join(versions)}) = 0 then 1 else 0 end`;
  const statement = sql<{ readonly versions: readonly string[] }>`
    with ${sql.join(puts)} select array[${sql.join(versions)}] as versions, 1 / ${isWhole} as whole`;
  try {
    const { rows } = await statement.execute(db);
    return rows[0]?.versions.map(Number);
  } catch (error) {
    if (sqlState(error) === DIVISION_BY_ZERO) return undefined;
    throw error;
  }
}

/** Writes nothing into a table that has more columns than these. */
async function putWhole(
  db: Db,
  schema: string,
  write: PutWrite,
  others: readonly string[],
): Promise<number | undefined> {
  const { rows } = await sql<Row>`${putStatement(schema, write, others)}`.execute(db);
  return rows[0] && Number(rows[0]['version']);
}

/** Writes every column, those of `others` without a value, and returns the version; none, and writes nothing, when it may not. */
function putStatement(
  schema: string,
  { records, key, record, expectedVersion }: PutWrite,
  others: readonly string[] = [],
): RawBuilder<unknown> {
  const cells: readonly (readonly [string, RawBuilder<unknown>])[] = [
    ['version', nextVersion(schema)],
    ['data', sql`${record.data}::text`],
    ['due_at_ms', sql`${record.dueAtMs ?? null}::bigint`],
    ...['lease_owner', 'lease_until_ms', ...others].map((name) => [name, sql`null`] as const),
    ...Object.entries(records.fields).map(([name, type]) => {
      const value = record.fields?.[name] ?? null;
      return [name, type === 'text' ? sql`${value}::text` : sql`${value}::bigint`] as const;
    }),
  ];
  const table = sql.id(schema, records.name);
  const names = sql.join(cells.map(([name]) => sql.ref(name)));
  const isWhole = sql`${sql.lit(cells.length + 1)} = (
    select count(*) from pg_attribute
    where attrelid = ${sql.lit(`"${schema}"."${records.name}"`)}::regclass and attnum > 0 and not attisdropped
  )`;
  const insert = sql`insert into ${table} (key, ${names}) select ${key}::text, ${sql.join(cells.map(([, value]) => value))} where ${isWhole}`;
  const given = sql.join(cells.map(([name]) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`));
  const statement =
    expectedVersion === undefined
      ? sql`${insert} on conflict (key) do update set ${given}`
      : expectedVersion === 0
        ? sql`${insert} on conflict do nothing`
        : sql`update ${table} set ${sql.join(cells.map(([name, value]) => sql`${sql.ref(name)} = ${value}`))}
            where key = ${key} and version = ${expectedVersion} and ${isWhole}`;
  return sql`${statement} returning version`;
}

/** One sequence for all, so that a key put again after a delete never gets an old version. */
export function nextVersion(schema: string) {
  return sql<string>`nextval(${sql.lit(`${schema}._versions`)})`;
}

/** What is thrown when a record is not at the version that was expected. */
export function conflict({ records, key, expectedVersion }: PutWrite | DeleteWrite): MobError {
  return new MobError('MOB_CONFLICT', `"${key}" of "${records.name}" is not at version ${expectedVersion}`);
}
