import {
  checkClaim,
  checkCommit,
  checkQuery,
  checkText,
  type Claim,
  type Claimed,
  type DeleteWrite,
  limitOf,
  type NewRecord,
  type RecordPage,
  type RecordQuery,
  type RecordsDefinition,
  type RecordStore,
  type StoredRecord,
  type VersionOptions,
} from '@mobkit/core';
import { sql } from 'kysely';

import type { Connection, Db } from './connection.js';
import { conflict, nextVersion, put } from './put-records.js';
import { type Row, toRecord, whereFields } from './rows.js';

/** Records in the table of their definition. */
export class PostgresRecords implements RecordStore {
  readonly #connection: Connection;
  readonly #definition: RecordsDefinition;

  constructor(connection: Connection, definition: RecordsDefinition) {
    this.#connection = connection;
    this.#definition = definition;
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    checkText('A key', key);
    const row = await this.#run('get from', (db) =>
      db.selectFrom(this.#definition.name).selectAll().where('key', '=', key).executeTakeFirst(),
    );
    return row && toRecord(this.#definition, row);
  }

  async list(query: RecordQuery): Promise<RecordPage> {
    checkQuery(this.#definition, query);
    const limit = limitOf(query);
    const rows = await this.#run('list', (db) => {
      const select = db.selectFrom(this.#definition.name).selectAll().where(whereFields(query.where));
      const after = query.afterKey === undefined ? select : select.where('key', '>', query.afterKey);
      return after
        .orderBy('key')
        .limit(limit + 1)
        .execute();
    });
    const records = rows.slice(0, limit).map((row) => toRecord(this.#definition, row));
    return { records, more: rows.length > limit };
  }

  async put(key: string, record: NewRecord, options: VersionOptions = {}): Promise<number> {
    const write = { ...options, records: this.#definition, key, record };
    checkCommit({ puts: [write] });
    this.#expectWritable('put into');
    return this.#run('put into', (db) => put(db, this.#connection.schema, write));
  }

  async delete(key: string, options: VersionOptions = {}): Promise<boolean> {
    const write = { ...options, records: this.#definition, key };
    checkCommit({ deletes: [write] });
    this.#expectWritable('delete from');
    return this.#run('delete from', (db) => remove(db, write));
  }

  async claimDue(claim: Claim): Promise<Claimed> {
    checkClaim(claim);
    const { owner, leaseMs, limit } = claim;
    const { schema } = this.#connection;
    const records = sql.id(schema, this.#definition.name);
    const now = sql`(extract(epoch from statement_timestamp()) * 1000)::bigint`;
    const update = sql<Row>`
      with due as (
        select key from ${records}
        where due_at_ms <= ${now} and (lease_until_ms is null or lease_until_ms <= ${now})
        order by due_at_ms limit ${limit} for update skip locked
      ), claimed as (
        update ${records}
        set version = ${nextVersion(schema)}, lease_owner = ${owner}, lease_until_ms = ${now} + ${leaseMs}
        where key in (select key from due) returning *
      ), rest as (
        -- Two questions, so that no more is read than what is due: what is not is under no lease, and its first one is enough.
        select least(
          (
            select min(greatest(due_at_ms, lease_until_ms)) from ${records}
            where due_at_ms <= ${now} and key not in (select key from due)
          ),
          (select min(due_at_ms) from ${records} where due_at_ms > ${now})
        ) as next_due_at_ms
      )
      select * from rest left join claimed on true order by due_at_ms`;
    this.#expectWritable('claim from');
    const { rows } = await this.#run('claim from', (db) => update.execute(db));
    const claimed = rows.filter(({ key }) => key !== null).map((row) => toRecord(this.#definition, row));
    const next = rows[0]?.['next_due_at_ms'];
    return { records: claimed, ...(next != null && { nextDueAtMs: Number(next) }) };
  }

  #expectWritable(doing: string): void {
    this.#connection.expectWritable(`${doing} records "${this.#definition.name}"`);
  }

  #run<T>(doing: string, work: (db: Db) => Promise<T>): Promise<T> {
    return this.#connection.run(`${doing} records "${this.#definition.name}"`, work);
  }
}

/** Removes a record; false when there was none. */
export async function remove(db: Db, write: DeleteWrite): Promise<boolean> {
  const { records, key, expectedVersion } = write;
  if (expectedVersion === 0) {
    const kept = db.selectFrom(records.name).select('key').where('key', '=', key);
    if (await kept.executeTakeFirst()) throw conflict(write);
    return false;
  }
  const statement = db.deleteFrom(records.name).where('key', '=', key);
  const expecting =
    expectedVersion === undefined ? statement : statement.where('version', '=', expectedVersion);
  const { numDeletedRows } = await expecting.executeTakeFirst();
  if (numDeletedRows === 0n && expectedVersion !== undefined) throw conflict(write);
  return numDeletedRows > 0n;
}
