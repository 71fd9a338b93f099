import { type Definition, type FieldTypes, MobError } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Session } from './database.js';
import { logColumns, recordColumns } from './rows.js';

/** Brings the table of a definition up to it: creates it, and adds new columns with their index. */
export function prepareTable(session: Session, { kind, name, fields }: Definition): void {
  const missing = missingFields(session, { kind, name, fields });
  if (missing === undefined) createTable(session, { kind, name });
  for (const [field, type] of Object.entries(missing ?? fields)) {
    session.run(build.schema.alterTable(name).addColumn(field, type).compile());
    session.run(
      build.schema
        .createIndex(`${name}__${field}`)
        .on(name)
        .columns(kind === 'log' ? ['partition', field, 'seq'] : [field, 'key'])
        // What most entries do not have costs nothing.
        .where(sql.ref(field), 'is not', null)
        .compile(),
    );
  }
}

/**
 * The fields of a definition that its table does not have yet; undefined when there is no table. It may have others, of
 * a newer version of the definition, which stay.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when the table holds something else.
 */
export function missingFields(session: Session, { kind, name, fields }: Definition): FieldTypes | undefined {
  const columns = columnsOf(session, name);
  if (columns.size === 0) return undefined;
  if (fieldsIn(columns, kind) === undefined) {
    throw new MobError('MOB_CONFIG_INVALID', `Table "${name}" does not hold ${kind}`);
  }
  const missing: Record<string, FieldTypes[string]> = {};
  for (const [field, type] of Object.entries(fields)) {
    const had = columns.get(field);
    if (had === undefined) missing[field] = type;
    else if (had !== type) {
      throw new MobError('MOB_CONFIG_INVALID', `"${name}" keeps "${field}" as ${had}, not ${type}`);
    }
  }
  return missing;
}

/** The definition of what a table keeps, with all its fields; undefined when it is nobody's of ours. */
export function keptDefinition(session: Session, name: string): Definition | undefined {
  const columns = columnsOf(session, name);
  const log = fieldsIn(columns, 'log');
  if (log) return { kind: 'log', name, fields: log };
  const records = fieldsIn(columns, 'records');
  return records && { kind: 'records', name, fields: records };
}

/** The columns of a table by name, each with its type. */
function columnsOf(session: Session, table: string): ReadonlyMap<string, string> {
  const columns = sql`pragma_table_info(${table})`.as('columns');
  const rows = session.all(build.selectFrom(columns).select(['name', 'type']).compile());
  return new Map(rows.map((row) => [String(row['name']), String(row['type']).toLowerCase()]));
}

/** The columns that are fields of a log or of records; undefined when the others are not those of one. */
function fieldsIn(columns: ReadonlyMap<string, string>, kind: Definition['kind']): FieldTypes | undefined {
  const own: readonly string[] = ownColumns[kind];
  if (!own.every((column) => columns.has(column))) return undefined;
  const fields: Record<string, FieldTypes[string]> = {};
  for (const [column, type] of columns) {
    // A column of another type is not one that a definition made.
    if (!own.includes(column) && (type === 'text' || type === 'integer')) fields[column] = type;
  }
  return fields;
}

const ownColumns = { log: ['partition', ...logColumns], records: recordColumns };

function createTable(session: Session, { kind, name }: Pick<Definition, 'kind' | 'name'>): void {
  const table = build.schema.createTable(name).modifyEnd(sql`strict`);
  if (kind === 'log') {
    session.run(
      table
        .addColumn('partition', 'text', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('timestamp_ms', 'integer', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint(`${name}__pkey`, ['partition', 'seq'])
        .addUniqueConstraint(`${name}__ids`, ['partition', 'id'])
        .compile(),
    );
    return;
  }
  session.run(
    table
      .addColumn('key', 'text', (column) => column.notNull().primaryKey())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('due_at_ms', 'integer')
      .addColumn('lease_owner', 'text')
      .addColumn('lease_until_ms', 'integer')
      .compile(),
  );
  session.run(
    build.schema
      .createIndex(`${name}__due`)
      .on(name)
      // Whatever `claimDue` asks is answered from the index.
      .columns(['due_at_ms', 'lease_until_ms', 'version'])
      .where('due_at_ms', 'is not', null)
      .compile(),
  );
}
