import type { StorageContents } from '@mobkit/core';
import { sql } from 'kysely';

import type { Db } from './connection.js';
import { keptFields } from './prepare-table.js';

/** What the schema holds, by its tables; the store's own begin with `_`. */
export async function readContents(db: Db, schema: string): Promise<StorageContents> {
  const { rows } = await sql<{ name: string }>`
    select table_name collate "C" as name from information_schema.tables
    where table_schema = ${schema} and table_name not like '\\_%' order by 1`.execute(db);
  const logs: StorageContents['logs'][number][] = [];
  const records: StorageContents['records'][number][] = [];
  for (const { name } of rows) {
    const log = await keptFields(db, schema, { kind: 'log', name });
    if (log) {
      const partitions = await partitionsOf(db, name);
      logs.push({ definition: { kind: 'log', name, fields: log }, partitions });
      continue;
    }
    const fields = await keptFields(db, schema, { kind: 'records', name });
    if (fields) records.push({ kind: 'records', name, fields });
  }
  return { logs, records };
}

async function partitionsOf(db: Db, log: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('_counters')
    .select('partition')
    .where('log', '=', log)
    .where('last_seq', '>', 0)
    .orderBy('partition')
    .execute();
  return rows.map((row) => String(row['partition']));
}
