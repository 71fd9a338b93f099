import { checkDefinition, type Definition, type StorageContents } from '@mobkit/core';
import { sql } from 'kysely';

import { build, type Session } from './database.js';
import { keptDefinition } from './prepare-table.js';

/** What the database holds, by its tables; the store's own begin with `_`. Tables of others are passed over. */
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
  const kept = tables.flatMap((row) => keptDefinition(session, String(row['name'])) ?? []).filter(isOurs);
  return {
    logs: kept
      .filter((definition) => definition.kind === 'log')
      .map((definition) => ({ definition, partitions: partitionsOf(session, definition.name) })),
    records: kept.filter((definition) => definition.kind === 'records'),
  };
}

/** Somebody may keep tables of their own in the file, with such columns and under a name no definition can have. */
function isOurs(definition: Definition): boolean {
  try {
    checkDefinition(definition);
    return true;
  } catch {
    return false;
  }
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
