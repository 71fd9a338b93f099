import { type DeleteWrite, MobError, type PutWrite, type RecordsDefinition } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Session } from './database.js';
import { keptDefinition } from './prepare-table.js';
import { ownValue } from './rows.js';

/** What records of a definition are written with: building it anew for each costs more than running it. */
interface Statements {
  readonly fields: readonly string[];
  readonly versionOf: string;
  readonly insert: string;
  readonly update: string;
  readonly replace: string;
}

const statements = new WeakMap<Session, Map<RecordsDefinition, Statements>>();

/** Writes a record, its row whole, under this version. */
export function put(session: Session, write: PutWrite, version: () => number): number {
  const { records, key, record, expectedVersion } = write;
  const { fields, insert, update, replace } = statementsOf(session, records);
  const given = version();
  const values = fields.map((field) => ownValue(record.fields, field));
  const row = [given, record.data, record.dueAtMs ?? null, ...values, key];
  const written =
    expectedVersion === undefined
      ? session.run({ sql: replace, parameters: row })
      : expectedVersion === 0
        ? session.run({ sql: insert, parameters: row })
        : session.run({ sql: update, parameters: [...row, expectedVersion] });
  if (written === 0) expectVersion(session, write);
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

function expectVersion(session: Session, { records, key, expectedVersion }: PutWrite | DeleteWrite): void {
  if (expectedVersion === undefined) return;
  const [row] = session.all({ sql: statementsOf(session, records).versionOf, parameters: [key] });
  const version = Number(row?.['version'] ?? 0);
  if (version === expectedVersion) return;
  const found = version === 0 ? 'not there' : `at version ${version}`;
  throw new MobError('MOB_CONFLICT', `"${key}" of "${records.name}" is ${found}, not at ${expectedVersion}`);
}

function statementsOf(session: Session, records: RecordsDefinition): Statements {
  const ofSession = statements.get(session) ?? new Map<RecordsDefinition, Statements>();
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
  const cleared = ['lease_owner', 'lease_until_ms', ...others].map(
    (column) => sql`${sql.ref(column)} = null`,
  );
  const given = columns.slice(0, -1).map((column) => sql`${sql.ref(column)} = ?`);
  return {
    fields,
    versionOf: build.selectFrom(name).select('version').where('key', '=', '').compile().sql,
    insert: build
      .insertInto(name)
      .values(row)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .compile().sql,
    // In place, which touches half the pages that replacing does.
    update:
      sql`update ${sql.table(name)} set ${sql.join([...given, ...cleared])} where key = ? and version = ?`.compile(
        build,
      ).sql,
    replace: build.replaceInto(name).values(row).compile().sql,
  };
}
