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
  /** By the columns that change; the key and the version it has come last. */
  readonly updates: Map<string, string>;
  /** What no record of this definition has. */
  readonly cleared: readonly string[];
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

/** In place, and only what changes: replacing a row touches all its indexes, and setting a column to what it is those of it. */
function update(
  session: Session,
  write: PutWrite,
  { version, indexed }: { readonly version: () => number; readonly indexed: readonly Value[] },
): number {
  const { records, key, record } = write;
  const kept = expectVersion(session, write);
  const { fields, updates, cleared } = statementsOf(session, records);
  const columns = ['due_at_ms', ...fields];
  const changed = columns.filter((column, at) => (kept?.[column] ?? null) !== indexed[at]);
  const shape = changed.join();
  const known = updates.get(shape);
  const statement = known ?? updateOf(records.name, changed, cleared);
  if (known === undefined) updates.set(shape, statement);
  const given = version();
  const values = columns.flatMap((column, at) => (changed.includes(column) ? [indexed[at] ?? null] : []));
  session.run({ sql: statement, parameters: [given, record.data, ...values, key] });
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
  const columns = ['version', 'data', 'due_at_ms', ...fields, 'key'];
  const row = Object.fromEntries(columns.map((column) => [column, null]));
  // What is not named, a lease or a field of a newer version, does not outlive its record.
  const others = Object.keys(keptDefinition(session, name)?.fields ?? {}).filter(
    (field) => !Object.hasOwn(records.fields, field),
  );
  return {
    fields,
    kept: build
      .selectFrom(name)
      .select(['version', 'due_at_ms', ...fields])
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

function updateOf(name: string, changed: readonly string[], cleared: readonly string[]): string {
  const given = ['version', 'data', ...changed].map((column) => sql`${sql.ref(column)} = ?`);
  const none = cleared.map((column) => sql`${sql.ref(column)} = null`);
  return sql`update ${sql.table(name)} set ${sql.join([...given, ...none])} where key = ?`.compile(build).sql;
}
