import type { Appended, AppendWrite } from '@mobkit/core';
import { sql } from 'kysely';

import { appendFunctionName } from './append-function.js';
import type { Db } from './connection.js';

interface AppendedRow {
  readonly stored: string;
  readonly duplicates: readonly string[];
  readonly last: string;
}

/** Appends in one round trip: every entry in one JSON parameter, the rest in the log's function. */
export async function append(db: Db, schema: string, write: AppendWrite): Promise<Appended> {
  const { log, partition = '', entries, expectedLastSeq = null, firstSeq = null } = write;
  const rows = entries.map(({ id, timestampMs, data, fields }) => ({
    ...fields,
    id,
    timestamp_ms: timestampMs,
    data,
  }));
  const name = appendFunctionName(schema, log.name);
  const call = sql<AppendedRow>`
    select _stored as stored, _duplicates as duplicates, _last as last
    from ${name}(${partition}, ${JSON.stringify(rows)}, ${expectedLastSeq}, ${firstSeq})`;
  const [appended] = (await call.execute(db)).rows;
  return {
    stored: Number(appended!.stored),
    duplicates: appended!.duplicates,
    lastSeq: Number(appended!.last),
  };
}
