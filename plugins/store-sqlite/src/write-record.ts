import { type DeleteWrite, MobError, type PutWrite, type RecordsDefinition } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Row, type Session, type Value } from './database.js';
import { keptDefinition } from './prepare-table.js';
import { ownValue } from './rows.js';

/** What records of a definition are written with: building it anew for each costs more than running it. */
interface Statements {
  readonly fields: readonly string[];
  /** What an index may be of, with the version before them. */
  readonly kept: string;
  readonly insert: string;
  readonly replace: string;
  /** By what of a record they change. */
  readonly updates: Map<string, Update>;
  lastUpdate?: Update;
  /** What no record of this definition has. */
  readonly cleared: readonly string[];
}

/** Writes over a record when exactly these columns of its indexes change. */
interface Update {
  readonly sql: string;
  /** By column. */
  readonly sets: readonly boolean[];
}

const statements = new WeakMap<Session, WeakMap<RecordsDefinition, Statements>>();

/** Writes a record, its row whole, under this version. */
export function put(session: Session, write: PutWrite, version: () => number): number {
  const { records, key, record, expectedVersion } = write;
  const { fields, insert, replace } = statementsOf(session, records);
  const dueAtMs = record.dueAtMs ?? null;
  const values = fields.map((field) => ownValue(record.fields, field));
  if (expectedVersion !== undefined && expectedVersion > 0) {
    return update(session, write, { version, indexed: [dueAtMs, ...values] });
  }
  const given = version();
  const statement = expectedVersion === 0 ? insert : replace;
  const parameters = [given, record.data, dueAtMs, ...values, key];
  const written = session.run({ sql: statement, parameters });
  if (written === 0) expectVersion(session, write);
  return given;
}

/**
 * In place, and only what changes: replacing a row touches all its indexes, and setting a column to what it is those of it.
 * What changed in the one before is tried first, since looking costs as much as writing.
 */
function update(
  session: Session,
  write: PutWrite,
  { version, indexed }: { readonly version: () => number; readonly indexed: readonly Value[] },
): number {
  const { records, key, record, expectedVersion } = write;
  const own = statementsOf(session, records);
  const given = version();
  const changes = ({ sql: statement, sets }: Update) => {
    const set = indexed.filter((_, at) => sets[at]);
    const parameters = [given, record.data, ...set, key, expectedVersion, ...indexed];
    return session.run({ sql: statement, parameters });
  };
  if (own.lastUpdate && changes(own.lastUpdate) > 0) return given;
  const kept = expectVersion(session, write);
  const columns = indexColumns(own.fields);
  const sets = columns.map((column, at) => (kept?.[column] ?? null) !== indexed[at]);
  const shape = sets.join();
  const fitting = own.updates.get(shape) ?? updateOf(records.name, columns, sets, own.cleared);
  own.updates.set(shape, fitting);
  own.lastUpdate = fitting;
  changes(fitting);
  return given;
}

/** Has statements made anew: tables may have got more columns. */
export function tablesChanged(session: Session): void {
  statements.delete(session);
}

/** Removes a record; false when there was none. */
export function remove(session: Session, write: DeleteWrite): boolean {
  const { records, key } = write;
  expectVersion(session, write);
  return session.run(build.deleteFrom(records.name).where('key', '=', key).compile()) > 0;
}

/** What is kept of it, when that is at the version expected. */
function expectVersion(
  session: Session,
  { records, key, expectedVersion }: PutWrite | DeleteWrite,
): Row | undefined {
  if (expectedVersion === undefined) return undefined;
  const [row] = session.all({ sql: statementsOf(session, records).kept, parameters: [key] });
  const version = Number(row?.['version'] ?? 0);
  if (version === expectedVersion) return row;
  const found = version === 0 ? 'not there' : `at version ${version}`;
  throw new MobError('MOB_CONFLICT', `"${key}" of "${records.name}" is ${found}, not at ${expectedVersion}`);
}

function statementsOf(session: Session, records: RecordsDefinition): Statements {
  const ofSession = statements.get(session) ?? new WeakMap<RecordsDefinition, Statements>();
  statements.set(session, ofSession);
  const made = ofSession.get(records) ?? makeStatements(session, records);
  ofSession.set(records, made);
  return made;
}

function makeStatements(session: Session, records: RecordsDefinition): Statements {
  const { name } = records;
  const fields = Object.keys(records.fields);
  const columns = ['version', 'data', ...indexColumns(fields), 'key'];
  const row = Object.fromEntries(columns.map((column) => [column, null]));
  // What is not named, a lease or a field of a newer version, does not outlive its record.
  const others = Object.keys(keptDefinition(session, name)?.fields ?? {}).filter(
    (field) => !Object.hasOwn(records.fields, field),
  );
  return {
    fields,
    kept: build
      .selectFrom(name)
      .select(['version', ...indexColumns(fields)])
      .where('key', '=', '')
      .compile().sql,
    insert: build
      .insertInto(name)
      .values(row)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .compile().sql,
    replace: build.replaceInto(name).values(row).compile().sql,
    updates: new Map(),
    cleared: ['lease_owner', 'lease_until_ms', ...others],
  };
}

function updateOf(
  name: string,
  columns: readonly string[],
  sets: readonly boolean[],
  cleared: readonly string[],
): Update {
  const set = columns.filter((_, at) => sets[at]);
  const given = ['version', 'data', ...set].map((column) => sql`${sql.ref(column)} = ?`);
  const none = cleared.map((column) => sql`${sql.ref(column)} = null`);
  const found = columns.map((column, at) => sql`${sql.ref(column)} ${sets[at] ? sql`is not` : sql`is`} ?`);
  const where = sql.join([sql`key = ?`, sql`version = ?`, ...found], sql` and `);
  const statement = sql`update ${sql.table(name)} set ${sql.join([...given, ...none])} where ${where}`;
  return { sql: statement.compile(build).sql, sets };
}

function indexColumns(fields: readonly string[]): readonly string[] {
  return ['due_at_ms', ...fields];
}
