import type { FieldTypes, StorageContents } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Session } from './database.js';
import { keptFields } from './prepare-table.js';

/** What the database holds, by its tables; the store's own begin with `_`. */
export function readContents(session: Session): StorageContents {
  const tables = session.all(
    build
      .selectFrom('sqlite_schema')
      .select('name')
      .where('type', '=', 'table')
      .where(sql<boolean>`name not like '\\_%' escape '\\'`)
      .where(sql<boolean>`name not like 'sqlite\\_%' escape '\\'`)
      .orderBy('name')
      .compile(),
  );
  const logs: StorageContents['logs'][number][] = [];
  const records: StorageContents['records'][number][] = [];
  for (const { name } of tables.map((row) => ({ name: String(row['name']) }))) {
    const log = keptFields(session, { kind: 'log', name });
    const fields: FieldTypes | undefined = log ?? keptFields(session, { kind: 'records', name });
    if (log)
      logs.push({ definition: { kind: 'log', name, fields: log }, partitions: partitionsOf(session, name) });
    else if (fields) records.push({ kind: 'records', name, fields });
  }
  return { logs, records };
}

function partitionsOf(session: Session, log: string): readonly string[] {
  const rows = session.all(
    build
      .selectFrom('_counters')
      .select('partition')
      .where('log', '=', log)
      .where('last_seq', '>', 0)
      .orderBy('partition')
      .compile(),
  );
  return rows.map((row) => String(row['partition']));
}
