import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';

import type { Bounds } from './bounds.js';
import { sqlState } from './errors.js';

/**
 * A pool as kysely takes one, for statements that are answered soon: one whose answer does not come in time fails, and its
 * connection is not used again. A connection that died without a word looks like one whose server thinks.
 */
export function boundedPool(pool: Pool, bounds: Bounds): PostgresPool {
  return {
    connect: async () => bounded(await pool.connect(), bounds),
    // Whoever made it ends it.
    end: async () => {},
  };
}

function bounded(client: PoolClient, bounds: Bounds): PostgresPoolClient {
  let broken: unknown;
  const query = async (text: string, values: readonly unknown[]) => {
    // What follows would wait as long again: the rollback, for one.
    if (broken !== undefined) throw broken;
    const asked = { text, values: [...values], query_timeout: bounds.answerMs };
    try {
      return await client.query(asked);
    } catch (cause) {
      if (sqlState(cause) === undefined) broken = cause;
      throw cause;
    }
  };
  return {
    // Its other form is for cursors, which kysely was given no driver for.
    query: query as unknown as PostgresPoolClient['query'],
    release: () => client.release(broken !== undefined),
  };
}
