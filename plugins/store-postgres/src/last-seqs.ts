import { sql } from 'kysely';

import type { Db } from './connection.js';

/** The last seq of each partition that has one, by its topic. */
export async function readLastSeqs(db: Db, topics: readonly string[]): Promise<Map<string, number>> {
  // The name of a log holds no slash.
  const logs = topics.map((topic) => topic.slice(0, topic.indexOf('/')));
  const partitions = topics.map((topic) => topic.slice(topic.indexOf('/') + 1));
  const rows = await db
    .selectFrom('_counters')
    .select(['log', 'partition', 'last_seq'])
    .where(sql<boolean>`(log, partition) in (select * from unnest(${logs}::text[], ${partitions}::text[]))`)
    .execute();
  return new Map(rows.map((row) => [`${row['log']}/${row['partition']}`, Number(row['last_seq'])]));
}
