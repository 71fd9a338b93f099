import {
  checkClaim,
  checkQuery,
  checkText,
  type Claim,
  type Claimed,
  limitOf,
  type NewRecord,
  type RecordPage,
  type RecordQuery,
  type RecordsDefinition,
  type RecordStore,
  type Storage,
  type StoredRecord,
  type VersionOptions,
} from '@mobkit/core';

import { claimDue } from './claim-due.js';
import type { Connection } from './connection.js';
import { build } from './database.js';
import { recordColumns, toRecord, whereFields } from './rows.js';

/** Records in the table of their definition. */
export class SqliteRecords implements RecordStore {
  readonly #connection: Connection;
  readonly #commit: Storage['commit'];
  readonly #definition: RecordsDefinition;

  constructor(connection: Connection, commit: Storage['commit'], definition: RecordsDefinition) {
    this.#connection = connection;
    this.#commit = commit;
    this.#definition = definition;
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    checkText('A key', key);
    const select = this.#select().where('key', '=', key).compile();
    const [row] = await this.#connection.read(this.#doing('get from'), (session) => session.all(select));
    return row && toRecord(this.#definition, row);
  }

  async list(query: RecordQuery): Promise<RecordPage> {
    checkQuery(this.#definition, query);
    const limit = limitOf(query);
    const matching = this.#select().where(whereFields(query.where));
    const after = query.afterKey === undefined ? matching : matching.where('key', '>', query.afterKey);
    const page = after
      .orderBy('key')
      .limit(limit + 1)
      .compile();
    const rows = await this.#connection.read(this.#doing('list'), (session) => session.all(page));
    const records = rows.slice(0, limit).map((row) => toRecord(this.#definition, row));
    return { records, more: rows.length > limit };
  }

  async put(key: string, record: NewRecord, options: VersionOptions = {}): Promise<number> {
    const { versions } = await this.#commit({
      puts: [{ ...options, records: this.#definition, key, record }],
    });
    return versions[0]!;
  }

  async delete(key: string, options: VersionOptions = {}): Promise<boolean> {
    const { deleted } = await this.#commit({ deletes: [{ ...options, records: this.#definition, key }] });
    return deleted[0]!;
  }

  async claimDue(claim: Claim): Promise<Claimed> {
    checkClaim(claim);
    return this.#connection.write(this.#doing('claim from'), (session) =>
      claimDue(session, this.#definition, claim),
    );
  }

  #select() {
    return build
      .selectFrom(this.#definition.name)
      .select([...recordColumns, ...Object.keys(this.#definition.fields)]);
  }

  #doing(what: string): () => string {
    return () => `${what} records "${this.#definition.name}"`;
  }
}
