import {
  checkCommit,
  checkDefinition,
  checkText,
  type Definition,
  type LogDefinition,
  MobError,
  type OrderedLog,
  type RecordsDefinition,
  type RecordStore,
  type Storage,
  type StorageContents,
  type StorageWrite,
  type StorageWritten,
} from '@mobkit/core';

import { append } from './append.js';
import type { Connection } from './connection.js';
import { readContents } from './contents.js';
import type { Session } from './database.js';
import { missingFields, prepareTable } from './prepare-table.js';
import { SqliteLog, topicOf } from './sqlite-log.js';
import { SqliteRecords } from './sqlite-records.js';
import { nextVersion } from './versions.js';
import { put, remove, tablesChanged } from './write-record.js';

/** Keeps logs and records in tables of one file. */
export class SqliteStorage implements Storage {
  readonly supports = { durable: true, processes: 'one', cursor: 'strict' } as const;
  readonly #connection: Connection;
  readonly #prepared = new Map<string, Definition['kind']>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async prepare(definitions: readonly Definition[]): Promise<void> {
    definitions.forEach(checkDefinition);
    const prepare = (one: (session: Session, definition: Definition) => void) => (session: Session) => {
      definitions.forEach((definition) => one(session, definition));
      tablesChanged(session);
    };
    await (this.#connection.readOnly
      ? this.#connection.read(() => 'read tables', prepare(expectTable))
      : this.#connection.write(() => 'prepare tables', prepare(prepareTable)));
    for (const { name, kind } of definitions) this.#prepared.set(name, kind);
  }

  log(definition: LogDefinition, partition = ''): OrderedLog {
    this.#expectPrepared(definition);
    checkText(`A partition of "${definition.name}"`, partition);
    return new SqliteLog(this.#connection, (write) => this.commit(write), definition, partition);
  }

  records(definition: RecordsDefinition): RecordStore {
    this.#expectPrepared(definition);
    return new SqliteRecords(this.#connection, (write) => this.commit(write), definition);
  }

  contents(): Promise<StorageContents> {
    return this.#connection.read(() => 'list what is kept', readContents);
  }

  async commit(write: StorageWrite): Promise<StorageWritten> {
    checkCommit(write);
    const { puts = [], deletes = [], appends = [] } = write;
    for (const { records } of [...puts, ...deletes]) this.#expectPrepared(records);
    for (const { log } of appends) this.#expectPrepared(log);
    const written = await this.#connection.write(
      () => doing(write),
      (session) => {
        // One for all of them: a key is named once.
        let given: number | undefined;
        const version = () => (given ??= nextVersion(session));
        return {
          versions: puts.map((one) => put(session, one, version)),
          deleted: deletes.map((one) => remove(session, one)),
          appended: appends.map((one) => append(session, one)),
        };
      },
    );
    for (const { log, partition } of appends) this.#connection.appended(topicOf(log, partition));
    return written;
  }

  #expectPrepared({ kind, name }: Definition): void {
    if (this.#prepared.get(name) !== kind) throw new TypeError(`"${name}" is not prepared`);
  }
}

/** What a reader needs, since it cannot create it. */
function expectTable(session: Session, definition: Definition): void {
  const missing = missingFields(session, definition);
  if (missing !== undefined && Object.keys(missing).length === 0) return;
  const what = missing === undefined ? `"${definition.name}"` : Object.keys(missing).join(', ');
  const message = `The database does not have ${what} yet: let this version open it for writing once`;
  throw new MobError('MOB_CONFIG_INVALID', message);
}

/** Names what is written, the tables at most, for the message of an error. */
function doing({ puts = [], deletes = [], appends = [] }: StorageWrite): string {
  const names = [...puts, ...deletes].map(({ records }) => records.name);
  const tables = new Set([...names, ...appends.map(({ log }) => log.name)]);
  return `write to ${[...tables].join(', ')}`;
}
