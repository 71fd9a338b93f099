import { Pool, type PoolClient } from 'pg';

import type { ParsedOptions } from './options.js';

const CONNECT_MS = 10_000;

export interface Database {
  readonly pool: Pool;
  /** Ends a pool that was made here; leaves a caller's open. */
  end(): Promise<void>;
}

/** Connects to nothing yet. */
export function openDatabase(options: ParsedOptions): Database {
  const given = 'pool' in options ? options.pool : undefined;
  const pool =
    given ??
    new Pool({
      connectionString: 'pool' in options ? undefined : options.connectionString,
      max: 4,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      // Keeps no process alive by connections that nobody uses.
      allowExitOnIdle: true,
      application_name: 'mobkit discovery-sql',
    });
  // A broken connection emits `error`, on the pool while it is idle and on the client while it is in use, and would end the
  // process. Who uses one is told by what it awaits, who uses none need not know.
  const survive = () => {};
  const guard = (client: PoolClient) => {
    if (!client.listeners('error').includes(survive)) client.on('error', survive);
  };
  pool.on('error', survive);
  pool.on('acquire', guard);
  return {
    pool,
    async end() {
      pool.off('acquire', guard);
      if (given) pool.off('error', survive);
      else await pool.end();
    },
  };
}
