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
  const columns = sql`pragma_table_info(${name})`.as('columns');
  const rows = session.all(build.selectFrom(columns).select(['name', 'type']).compile());
  if (rows.length === 0) return undefined;
  const kept = new Map(rows.map((row) => [String(row['name']), String(row['type']).toLowerCase()]));
  if (!ownColumns[kind].every((column) => kept.has(column))) {
    throw new MobError('MOB_CONFIG_INVALID', `Table "${name}" does not hold ${kind}`);
  }
  const missing: Record<string, FieldTypes[string]> = {};
  for (const [field, type] of Object.entries(fields)) {
    const had = kept.get(field);
    if (had === undefined) missing[field] = type;
    else if (had !== type) {
      throw new MobError('MOB_CONFIG_INVALID', `"${name}" keeps "${field}" as ${had}, not ${type}`);
    }
  }
  return missing;
}

/** The fields that a table has, maybe of a newer version of its definition; undefined when it holds something else. */
export function keptFields(
  session: Session,
  { kind, name }: Omit<Definition, 'fields'>,
): FieldTypes | undefined {
  const columns = sql`pragma_table_info(${name})`.as('columns');
  const rows = session.all(build.selectFrom(columns).select(['name', 'type']).compile());
  const kept = new Map(rows.map((row) => [String(row['name']), String(row['type']).toLowerCase()]));
  if (!ownColumns[kind].every((column) => kept.delete(column))) return undefined;
  return Object.fromEntries([...kept].map(([field, type]) => [field, type === 'integer' ? type : 'text']));
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
