import type { Pool, PoolClient } from 'pg';

const survived = new WeakSet<PoolClient>();

/**
 * Keeps a broken connection from ending the process: it emits 'error', on the pool while it is idle and on the client while it
 * is in use, and without a listener either would. In use, the query that was running rejects and tells its caller. Returns
 * what stops listening to the pool.
 */
export function surviveErrors(pool: Pool, onIdleError: (cause: Error) => void): () => void {
  // When it is handed out, not when it is made: a pool that was given may have connections already.
  const guard = (client: PoolClient) => {
    if (survived.has(client)) return;
    survived.add(client);
    client.on('error', () => {});
  };
  pool.on('error', onIdleError);
  pool.on('acquire', guard);
  return () => {
    pool.off('error', onIdleError);
    pool.off('acquire', guard);
  };
}
